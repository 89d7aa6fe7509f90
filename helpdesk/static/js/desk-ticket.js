// One ticket: its page renews itself as things happen, and what is being typed is never lost.
const page = document.getElementById("ticket");
const composer = document.getElementById("composer");
const text = document.getElementById("text");
const draft = `draft:${page.dataset.number}`;
let timer = 0;

async function refresh() {
  const answer = await fetch(page.dataset.page, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["ticket-head", "ticket-side"]) replace(id, fresh);
  if (!mergeTimeline(fresh.getElementById("timeline"))) return;
  document.getElementById("ticket-news").textContent = page.dataset.newMessage;
  if (text?.value) document.getElementById("meanwhile").textContent = page.dataset.whileWriting;
  for (const id of ["seen", "merged"]) {
    const read = document.getElementById(id);
    if (read) read.value = fresh.getElementById(id)?.value ?? read.value;
  }
}

// Not under the hand: a part that is being used stays as it is until the next news.
function replace(id, fresh) {
  const old = document.getElementById(id);
  const next = fresh.getElementById(id);
  const used = old?.contains(document.activeElement) || old?.querySelector("details.act[open]");
  if (old && next && !used && old.innerHTML !== next.innerHTML) old.replaceChildren(...next.childNodes);
}

function mergeTimeline(fresh) {
  const timeline = document.getElementById("timeline");
  const here = new Map([...timeline.children].map((entry) => [entry.id, entry]));
  let came = 0;
  let before = null;
  for (const entry of [...fresh.children]) {
    const old = here.get(entry.id);
    if (!old) {
      entry.classList.add("came");
      timeline.insertBefore(entry, before ? before.nextSibling : timeline.firstChild);
      came += entry.matches(".said") ? 1 : 0;
    } else if (old.innerHTML !== entry.innerHTML && !old.contains(document.activeElement)) {
      old.className = entry.className;
      old.replaceChildren(...entry.childNodes);
    }
    before = old ?? entry;
  }
  return came;
}

document.addEventListener("desk:news", ({ detail: news }) => {
  if (news.kind !== "resync" && String(news.ticket) !== page.dataset.number) return;
  clearTimeout(timer);
  timer = setTimeout(refresh, 250);
});
// Times grow old by themselves.
setInterval(() => document.visibilityState === "visible" && refresh(), 60_000);

// Where reading stopped the last time; a long story opens at its newest end.
const seenKey = `seen:${page.dataset.number}`;
const seenBefore = Number(localStorage.getItem(seenKey) || 0);
const said = [...document.querySelectorAll("#timeline .said")];
const unread = said.find((entry) => entry.dataset.unread && Number(entry.dataset.message) > seenBefore);
if (seenBefore && unread) unread.classList.add("unread");
localStorage.setItem(seenKey, page.dataset.lastMessage);
const begin = unread && seenBefore ? unread : said.at(-1);
if (!location.hash && !document.querySelector("[data-error-summary]") && said.length > 3) begin?.scrollIntoView({ block: "center" });

if (text) {
  if (document.querySelector(".toast[data-sent]")) sessionStorage.removeItem(draft);
  if (!text.value) text.value = sessionStorage.getItem(draft) || "";
  text.addEventListener("input", () => sessionStorage.setItem(draft, text.value));
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const buttons = [...composer.querySelectorAll("button.first")].filter((button) => button.offsetParent);
    composer.requestSubmit(buttons[0]);
  });
  document.getElementById("canned")?.addEventListener("change", ({ target }) => {
    const chosen = target.selectedOptions[0]?.dataset.text;
    if (chosen) text.setRangeText(chosen, text.selectionStart, text.selectionEnd, "end");
    sessionStorage.setItem(draft, text.value);
    target.value = "";
    text.focus();
  });
  composer.addEventListener("submit", (event) => {
    if (composer.ariaBusy === "true") event.preventDefault();
    composer.ariaBusy = "true";
  });
  addEventListener("pageshow", () => (composer.ariaBusy = "false"));
}

// The side panel stays folded away from page to page; the server draws it so, and nothing jumps.
const side = document.getElementById("side");
side.querySelector("summary").addEventListener("click", () => {
  const safe = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `side=${side.open ? "folded" : "open"}; Path=/desk; Max-Age=31536000; SameSite=Lax${safe}`;
});

// The button says what will happen.
const then = document.getElementById("then");
const name = () => (document.getElementById("does").textContent = then.selectedOptions[0].dataset.does);
then?.addEventListener("change", name);
if (then) name();

document.addEventListener("desk:key", ({ detail: pressed }) => {
  if (pressed === "r" || pressed === "n") {
    const choice = document.getElementById(pressed === "r" ? "audience-public" : "audience-internal");
    if (choice) choice.checked = true;
    setTimeout(() => text?.focus());
  }
  if (pressed === "t") document.getElementById("take")?.requestSubmit();
  if (/^[1-3]$/.test(pressed)) document.getElementById(`choose-${pressed}`)?.requestSubmit();
  if (pressed === "u") document.getElementById("back")?.click();
});
