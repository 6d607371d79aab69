// Hints on this very device: offered where the browser knows Web Push, and asked for only when somebody presses.
//
// Whether this browser is told of the ticket is the server's to say, so nothing about the ticket is kept here.
import { ready } from "./worker.js";

const box = document.getElementById("device");
if (box && "PushManager" in window && "Notification" in window) ready.then(offer).catch(() => {});

async function offer(registration) {
  const { key, code, last4, proof, on, off, refused, failed } = box.dataset;
  const button = box.querySelector("button");
  const status = box.querySelector("[role=status]");
  const isOurs = (subscription) => base64url(subscription.options.applicationServerKey) === key;
  const mine = async () => {
    const subscription = await registration.pushManager.getSubscription();
    return subscription && isOurs(subscription) ? subscription : null;
  };

  async function wish(wanted, subscription) {
    const answer = await fetch("/track/device", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
      body: JSON.stringify({ code, ...(proof ? { proof } : { phone_last4: last4 }), wish: wanted, subscription }),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Refusal(said.detail);
    show(said.on);
    return said.on;
  }

  function show(isOn) {
    button.dataset.wish = isOn ? "off" : "on";
    button.textContent = isOn ? off : on;
    box.hidden = false;
  }

  // A browser has one subscription for all tickets. One under a key of ours that is gone is of no use to anybody.
  async function subscribed() {
    const known = await mine();
    if (known) return known;
    await (await registration.pushManager.getSubscription())?.unsubscribe();
    return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  }

  async function pressed() {
    status.textContent = "";
    const wanted = button.dataset.wish;
    if (wanted === "on" && await Notification.requestPermission() !== "granted") {
      status.textContent = refused;
      return;
    }
    button.disabled = true;
    try {
      const isOn = await wish(wanted, await subscribed());
      status.textContent = isOn ? box.dataset.isOn : box.dataset.isOff;
    } catch (error) {
      status.textContent = error instanceof Refusal ? error.message : failed;
    }
    button.disabled = false;
    button.focus();
  }

  button.addEventListener("click", pressed);
  const known = Notification.permission === "granted" ? await mine() : null;
  if (known) await wish("ask", known).catch(() => show(false));
  else show(false);
}

class Refusal extends Error {}

function base64url(bytes) {
  const letters = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
