// One ticket: its page renews itself as things happen, and what is being typed is never lost.
const page = document.getElementById("ticket");
const composer = document.getElementById("composer");
const text = document.getElementById("text");
const key = `draft:${page.dataset.number}`;
let timer = 0;

async function refresh() {
  const answer = await fetch(page.dataset.page, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["ticket-head", "ticket-side"]) replace(id, fresh);
  const came = mergeTimeline(fresh.getElementById("timeline"));
  if (came) document.getElementById("ticket-news").textContent = page.dataset.newMessage;
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
  for (const entry of [...fresh.children]) {
    const old = here.get(entry.id);
    if (!old) {
      entry.classList.add("came");
      timeline.append(entry);
      came += entry.matches(".said") ? 1 : 0;
    } else if (old.innerHTML !== entry.innerHTML && !old.contains(document.activeElement)) {
      old.replaceChildren(...entry.childNodes);
    }
  }
  return came;
}

document.addEventListener("desk:news", ({ detail: news }) => {
  if (news.kind !== "resync" && String(news.ticket) !== page.dataset.number) return;
  clearTimeout(timer);
  timer = setTimeout(refresh, 250);
});

// Where reading stopped the last time.
const seenKey = `seen:${page.dataset.number}`;
const seen = Number(localStorage.getItem(seenKey) || 0);
const unread = [...document.querySelectorAll("#timeline .said")].find((entry) => Number(entry.dataset.message) > seen);
if (seen && unread) unread.classList.add("unread");
localStorage.setItem(seenKey, page.dataset.lastMessage);

if (text) {
  if (document.querySelector(".toast[data-sent]")) sessionStorage.removeItem(key);
  if (!text.value) text.value = sessionStorage.getItem(key) || "";
  text.addEventListener("input", () => sessionStorage.setItem(key, text.value));
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const buttons = [...composer.querySelectorAll("button.first")].filter((button) => button.offsetParent);
    composer.requestSubmit(buttons[0]);
  });
  document.getElementById("canned")?.addEventListener("change", ({ target }) => {
    const chosen = target.selectedOptions[0]?.dataset.text;
    if (chosen) text.setRangeText(chosen, text.selectionStart, text.selectionEnd, "end");
    sessionStorage.setItem(key, text.value);
    target.value = "";
    text.focus();
  });
  composer.addEventListener("submit", () => composer.setAttribute("aria-busy", "true"));
}

document.addEventListener("desk:key", ({ detail: pressed }) => {
  const note = document.getElementById("audience-internal");
  const reply = document.getElementById("audience-public");
  if (pressed === "r" || pressed === "n") {
    const choice = pressed === "r" ? reply : note;
    if (choice) choice.checked = true;
    setTimeout(() => text?.focus());
  }
  if (pressed === "t") document.getElementById("take")?.requestSubmit();
  if (pressed === "u") document.getElementById("back")?.click();
});
