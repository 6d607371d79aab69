// Where the phone is: the best fix within a short while, with its accuracy. Asked for only when somebody presses.
const GOOD_ENOUGH_M = 10;
const PATIENCE_MS = 20_000;

// { lat, lon, accuracy_m, at } of the best fix; `onFix` gets each better one. Rejects when there is none, or no leave.
export function locate(onFix = () => {}) {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) return reject(new Error("no geolocation"));
    let best = null;
    const timer = setTimeout(() => finish(new Error("no fix")), PATIENCE_MS);
    const watch = navigator.geolocation.watchPosition(({ coords, timestamp }) => {
      if (best && coords.accuracy >= best.accuracy_m) return;
      best = { lat: coords.latitude, lon: coords.longitude, accuracy_m: Math.round(coords.accuracy), at: timestamp };
      onFix(best);
      if (best.accuracy_m <= GOOD_ENOUGH_M) finish();
    }, finish, { enableHighAccuracy: true, maximumAge: 0, timeout: PATIENCE_MS });

    function finish(error) {
      clearTimeout(timer);
      navigator.geolocation.clearWatch(watch);
      best ? resolve(best) : reject(error);
    }
  });
}
