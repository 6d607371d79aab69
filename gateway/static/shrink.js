// Makes a photo small enough to send from anywhere, upright and without the data a camera hides in it; and its hash.
const LONGEST_SIDE = 1280;
const MOST_BYTES = 500 * 1024;
const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45];

// A JPEG of at most 1280 pixels and, mostly, 500 KB. A file this browser cannot read as a picture comes back as it is.
export async function shrink(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file;
  }
  const canvas = drawn(bitmap, Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height)));
  bitmap.close();
  let blob = null;
  for (const quality of QUALITIES) {
    blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
    if (blob && blob.size <= MOST_BYTES) break;
  }
  return blob ?? file;
}

// SHA-256 in hexadecimal, as the server names what it stores; "" where the page did not come over TLS.
export async function sha256(blob) {
  if (!crypto.subtle) return "";
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A small square picture of a photo; the content policy lets no page show a blob by address.
export function thumbnail(blob, title, side = 160) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", title);
  createImageBitmap(blob).then((bitmap) => {
    const scale = side / Math.min(bitmap.width, bitmap.height);
    const [width, height] = [bitmap.width * scale, bitmap.height * scale];
    canvas.getContext("2d").drawImage(bitmap, (side - width) / 2, (side - height) / 2, width, height);
    bitmap.close();
  }, () => {}); // no picture: its name stands beside it
  return canvas;
}

function drawn(bitmap, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff"; // JPEG knows no transparency
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}
