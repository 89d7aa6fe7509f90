// Several conversations at once: each pane is read anew when something was said in it; what is being typed stays.
const frame = document.querySelector("[data-list]");
const panes = document.querySelector("[data-panes]");
const spoken = document.querySelector("[data-spoken]");
const timers = new Map();
const typed = new Map();

async function part(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html", "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

async function refreshList() {
  const fresh = (await part(frame.dataset.list))?.getElementById("chats-list");
  const old = document.getElementById("chats-list");
  if (!fresh || !old || old.innerHTML === fresh.innerHTML) return;
  const held = old.contains(document.activeElement) ? document.activeElement.closest("[action]")?.action : "";
  old.replaceWith(fresh);
  if (held) [...fresh.querySelectorAll("form")].find((form) => form.action === held)?.querySelector("button")?.focus();
  const unread = fresh.querySelectorAll(".unread, .chat-offers li").length;
  document.title = document.title.replace(/^(\(\d+\) )?/, unread ? `(${unread}) ` : "");
}

function atEnd(log) { return log.scrollHeight - log.scrollTop - log.clientHeight < 60; }
function toEnd(log) { log.scrollTop = log.scrollHeight; }

// The log and the head change in place; the field and what is open stay as they are, unless the pane became another.
async function refresh(pane) {
  const seen = document.visibilityState === "visible" && document.hasFocus() ? pane.dataset.seq : "";
  const fresh = (await part(`${pane.dataset.pane}?read=${seen}`))?.querySelector("article");
  if (!fresh) return;
  if (fresh.hasAttribute("data-own") !== pane.hasAttribute("data-own")) {
    pane.replaceWith(fresh);
    begin(fresh);
    return;
  }
  const [log, was] = [fresh.querySelector(".chat-log"), pane.querySelector(".chat-log")];
  const follows = atEnd(was);
  const more = log.children.length - was.children.length;
  if (log.innerHTML !== was.innerHTML) was.replaceChildren(...log.childNodes);
  pane.querySelector("header").replaceWith(fresh.querySelector("header"));
  pane.dataset.seq = fresh.dataset.seq;
  if (more > 0) {
    pane.querySelector("[data-typing-line]").hidden = true;
    const last = was.lastElementChild;
    if (last?.classList.contains("citizen")) spoken.textContent = last.textContent.trim().replace(/\s+/g, " ");
  }
  if (follows) toEnd(was);
}

function soon(key, act, wait = 80) {
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(act, wait));
}

function paneOf(chat) { return panes.querySelector(`[data-chat="${chat}"]`); }

document.addEventListener("desk:chat", ({ detail: news }) => {
  const pane = paneOf(news.chat);
  if (pane) soon(`pane ${news.chat}`, () => refresh(pane));
  soon("list", refreshList, 200);
  if (!pane && String(news.person) === frame.dataset.person && news.kind === "chat_line") {
    soon("page", () => { if (!busy()) location.reload(); }, 400);
  }
});

document.addEventListener("desk:news", ({ detail: news }) => {
  soon("list", refreshList, 300);
  for (const pane of panes.querySelectorAll("[data-chat]")) {
    if (news.kind === "resync" || pane.dataset.ticket === String(news.ticket)) {
      soon(`pane ${pane.dataset.chat}`, () => refresh(pane), 200);
    }
  }
});

document.addEventListener("desk:presence", () => soon("list", refreshList, 500));

document.addEventListener("desk:typing", ({ detail: news }) => {
  const line = paneOf(news.chat)?.querySelector("[data-typing-line]");
  if (!line) return;
  line.textContent = `… ${frame.dataset.typing}`;
  line.hidden = false;
  soon(`typing ${news.chat}`, () => { line.hidden = true; }, 6000);
});

function busy() { return [...panes.querySelectorAll("textarea")].some((field) => field.value.trim()); }

function begin(pane) {
  toEnd(pane.querySelector(".chat-log"));
  const form = pane.querySelector("[data-answer]");
  if (!form) return;
  form.elements.form_key.value = crypto.randomUUID?.() || String(Math.random());
  form.addEventListener("submit", (event) => {
    if (form.elements.files.files.length) return;
    event.preventDefault();
    answer(pane, form);
  });
  form.elements.text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  form.elements.text.addEventListener("input", () => {
    const id = pane.dataset.chat;
    if (Date.now() - (typed.get(id) || 0) < 3000) return;
    typed.set(id, Date.now());
    const body = new FormData();
    body.set("csrf_token", form.elements.csrf_token.value);
    fetch(pane.dataset.typingUrl, { method: "POST", body }).catch(() => {});
  });
}

// Sent under one name until it is known to be kept, so that a lost answer makes no second line.
async function answer(pane, form) {
  const field = form.elements.text;
  const text = field.value;
  if (!text.trim() || form.dataset.sending) return;
  form.dataset.sending = "yes";
  const body = new FormData(form);
  try {
    const told = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (told.ok) {
      if (field.value === text) field.value = "";
      form.elements.form_key.value = crypto.randomUUID?.() || String(Math.random());
      await refresh(pane);
    } else {
      const { detail } = await told.json().catch(() => ({}));
      spoken.textContent = detail || String(told.status);
      await refresh(pane);
    }
  } catch {
    setTimeout(() => answer(pane, form), 2000);
  } finally {
    delete form.dataset.sending;
  }
}

// Alt and a number lead to the field of that conversation.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !/^[1-9]$/.test(event.key)) return;
  const field = panes.querySelectorAll("[data-answer] textarea")[Number(event.key) - 1];
  if (!field) return;
  event.preventDefault();
  field.focus();
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  for (const pane of panes.querySelectorAll("[data-chat]")) refresh(pane);
});

for (const pane of panes.querySelectorAll("[data-chat]")) begin(pane);
const field = panes.querySelector(location.hash ? `${CSS.escape(location.hash).replace("\\#", "#")} textarea` : "[data-answer] textarea");
field?.focus();
