// The list refreshes in place; newcomers wait in a bar while the pointer or the focus is in the list. Keys walk it.
const list = document.getElementById("queue-list");
const bar = document.getElementById("newcomers");
const rows = () => [...list.querySelectorAll("tbody tr")];
const busy = () => list.matches(":hover") || list.contains(document.activeElement);
let pending = null;
let timer = 0;

async function refresh() {
  const answer = await fetch(list.dataset.rows, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  replaceCounts(page);
  merge(page.getElementById("queue-list"));
}

function replaceCounts(page) {
  for (const fresh of page.querySelectorAll(".rail [data-view]")) {
    const old = document.querySelector(`.rail [data-view="${fresh.dataset.view}"] .count`);
    const count = fresh.querySelector(".count");
    if (old && count) old.replaceChildren(...count.childNodes);
  }
}

function merge(fresh) {
  const wanted = [...fresh.querySelectorAll("tbody tr")];
  const standing = new Map(rows().map((row) => [row.id, row]));
  const newcomers = wanted.filter((row) => !standing.has(row.id));
  wanted.forEach((row) => standing.has(row.id) && renew(standing.get(row.id), row));
  const emptied = !wanted.length !== !standing.size;
  if (busy() && !emptied) {
    const staying = new Set(wanted.map((row) => row.id));
    standing.forEach((row) => row.classList.toggle("gone", !staying.has(row.id)));
    pending = newcomers.length ? fresh : null;
    show(newcomers.length);
    return;
  }
  apply(fresh);
}

function renew(old, row) {
  if (old.innerHTML === row.innerHTML) return;
  const focused = old.contains(document.activeElement);
  old.replaceChildren(...row.cloneNode(true).childNodes);
  if (focused) old.querySelector("a")?.focus({ preventScroll: true });
}

function apply(fresh) {
  const before = new Set(rows().map((row) => row.id));
  list.replaceChildren(...fresh.childNodes);
  const came = rows().filter((row) => !before.has(row.id));
  came.forEach((row) => row.classList.add("came"));
  pending = null;
  show(0);
  return came;
}

function show(count) {
  bar.hidden = !count;
  bar.querySelector("span").textContent = (count === 1 ? bar.dataset.one : bar.dataset.many).replace("{count}", count);
}

function step(by) {
  const links = rows().map((row) => row.querySelector(".subject a"));
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.max(0, Math.min(links.length - 1, here + by));
  links[next]?.focus();
}

function take() {
  const row = document.activeElement?.closest?.("tbody tr");
  if (!row) return;
  const form = document.getElementById("take");
  form.action = row.dataset.take;
  form.elements.next.value = `${location.pathname}${location.search}#${row.id}`;
  form.requestSubmit();
}

bar.addEventListener("click", () => {
  if (pending) apply(pending)[0]?.querySelector("a").focus();
});
// Who leaves the list may be on the way to the bar.
list.addEventListener("pointerleave", () => setTimeout(() => pending && !busy() && !bar.matches(":hover") && apply(pending), 1_000));
document.addEventListener("desk:news", () => {
  clearTimeout(timer);
  timer = setTimeout(refresh, 250);
});
document.addEventListener("desk:key", ({ detail: key }) => {
  if (key === "j") step(1);
  if (key === "k") step(-1);
  if (key === "t") take();
});
// Times on the lines grow old by themselves.
setInterval(() => document.visibilityState === "visible" && refresh(), 60_000);
