// The telephone's page asks every two seconds how the call stands; what somebody is typing in is left alone.

const place = document.getElementById("phone-now");
const EVERY = 2000;
let last = place.innerHTML;

const isUsed = () => place.contains(document.activeElement) || place.querySelector("details[open], input:checked");
const changed = (state) => state !== place.querySelector(".phone-call")?.className;

async function look() {
  if (document.hidden) return;
  const answer = await fetch(place.dataset.now, { headers: { Accept: "text/html" } });
  if (!answer.ok || answer.redirected) return;
  const text = await answer.text();
  if (text === last) return;
  const next = document.createElement("template");
  next.innerHTML = text;
  if (isUsed() && !changed(next.content.querySelector(".phone-call")?.className)) return;
  place.replaceChildren(next.content);
  last = text;
}

setInterval(() => look().catch(() => {}), EVERY);
