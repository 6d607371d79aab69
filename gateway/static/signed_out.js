// Nobody is signed in: the pages kept for whoever was are nobody's to see.
import { dropDeskPages } from "./worker.js";

dropDeskPages();
