// A conversation, live: an outbox that survives a reload, one stream a browser, and every line once, in its order.
const root = document.querySelector("[data-chat]");
const words = root.dataset;
const id = words.chat;
const api = words.api;
const headers = { "X-Chat-Token": words.token };
const log = root.querySelector("[data-new]");
const form = root.querySelector("[data-say]");
const box = `chat:${id}:outbox`;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`chat:${id}`) : null;
let last = Number(words.seq);
let catching = null;
let sending = false;
let typed = 0;
let hides = 0;

// What is written and not yet kept, in the order of writing.
function outbox() {
  try { return JSON.parse(localStorage.getItem(box) || "[]"); } catch { return []; }
}
function store(waiting) {
  try { localStorage.setItem(box, JSON.stringify(waiting)); } catch { /* a full or closed storage: this tab still knows */ }
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function draw(line) {
  const item = element("li", `chat-line ${line.author}`);
  if (line.author !== "house") {
    const name = { citizen: words.you, bot: words.assistant }[line.author] || line.name || "";
    const who = element("p", "chat-who", `${name} `);
    if (line.time) {
      const time = element("time", "", line.time);
      time.dateTime = line.at;
      who.append(time);
    }
    item.append(who);
  }
  if (line.text) item.append(element("p", "chat-text", line.text));
  for (const source of line.sources || []) {
    const told = element("p", "chat-source");
    const link = element("a", "govuk-link", source.title);
    if (/^(https?:|\/)/.test(source.link)) link.href = source.link;
    if ("blob" in words) Object.assign(link, { target: "_blank", rel: "noopener" }); // nothing else may stand in the frame
    const reviewed = source.reviewed_on ? `, ${words.reviewed} ${source.reviewed_on}` : "";
    told.append(link, element("span", "quiet", `${source.department || ""}${reviewed}`));
    item.append(told);
  }
  for (const file of line.files || []) {
    const told = element("p", "chat-source");
    const link = element("a", "govuk-link", file.name);
    link.href = "blob" in words ? "#" : `${words.files}${file.id}`;
    link.download = file.name;
    if ("blob" in words) link.addEventListener("click", (event) => { event.preventDefault(); save(file); });
    told.append(link);
    item.append(told);
  }
  if (line.choices?.length) item.append(drawChoices(line.choices));
  return item;
}

// In a frame no cookie opens a file: it is fetched with the key and saved from memory.
async function save(file) {
  const answer = await fetch(`${api}/files/${file.id}`, { headers }).catch(() => null);
  if (!answer?.ok) return;
  const link = element("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = file.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

function drawChoices(choices) {
  const made = element("div", "chat-choices");
  for (const choice of choices) {
    const button = element("button", "govuk-button govuk-button--secondary", choice.text);
    button.type = "button";
    button.addEventListener("click", () => say(choice.text, choice.key));
    made.append(button);
  }
  return made;
}

// Each line once: a later one waits until those between were read; an earlier one is known already.
function take(lines) {
  for (const line of lines) {
    if (line.seq <= last) continue;
    if (line.seq > last + 1) { catchUp(); return; }
    last = line.seq;
    words.seq = last;
    for (const old of root.querySelectorAll(".chat-choices")) old.remove();
    if (line.client_msg_id) settle(line.client_msg_id);
    const item = draw(line);
    item.dataset.seq = line.seq;
    const pending = log.querySelector(".pending");
    log.insertBefore(item, pending);
    if (line.author !== "citizen") {
      hideTyping();
      document.dispatchEvent(new CustomEvent("chat:line"));
    }
    item.scrollIntoView({ block: "nearest" });
  }
  if (document.visibilityState === "visible") markRead();
}

function settle(name) {
  const waiting = outbox();
  if (waiting.some((one) => one.client_msg_id === name)) store(waiting.filter((one) => one.client_msg_id !== name));
  log.querySelector(`[data-client="${CSS.escape(name)}"]`)?.remove();
}

function show(standing) {
  const told = root.querySelector("[data-standing]");
  if (told.textContent !== standing.told) told.textContent = standing.told;
  words.state = standing.state;
  if (standing.number) {
    const number = root.querySelector("[data-number]");
    const link = number.querySelector("[data-number-link]");
    link.textContent = standing.number;
    link.href = link.href.replace(/requests\/\d+/, `requests/${standing.number}`);
    number.hidden = false;
  }
}

async function catchUp() {
  if (catching) return catching;
  catching = (async () => {
    const answer = await fetch(`${api}/messages?after=${last}&lang=${words.language}`, { headers });
    if (!answer.ok) return;
    const told = await answer.json();
    show(told.standing);
    take(told.lines);
  })().catch(() => {}).finally(() => { catching = null; });
  return catching;
}

function heard(event, data) {
  if (event === "line") take([data]);
  if (event === "standing") show(data);
  if (event === "typing") showTyping();
  if (event === "hello") connected(true);
}

function connected(yes) {
  const line = root.querySelector("[data-connection]");
  line.hidden = yes;
  line.textContent = yes ? "" : words.lost;
}

function showTyping() {
  const line = root.querySelector("[data-typing-line]");
  line.textContent = `… ${words.typing}`;
  line.hidden = false;
  clearTimeout(hides);
  hides = setTimeout(hideTyping, 6000);
}
function hideTyping() { root.querySelector("[data-typing-line]").hidden = true; }

// One tab of a browser holds the stream and tells the others; when it closes, another takes over.
async function stream() {
  let failures = 0;
  for (;;) {
    try {
      const answer = await fetch(`${api}/stream?lang=${words.language}`, {
        headers: { ...headers, "Last-Event-ID": String(last), Accept: "text/event-stream" }, cache: "no-store",
      });
      if (answer.status === 404) return;
      if (!answer.ok) throw new Error(String(answer.status));
      failures = 0;
      connected(true);
      send();
      await read(answer.body);
    } catch {
      failures += 1;
      if (failures > 1) connected(false);
    }
    const wait = Math.min(30_000, 500 * 2 ** failures);
    await new Promise((done) => { setTimeout(done, wait + Math.random() * wait); });
    await catchUp();
  }
}

async function read(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const timer = new Promise((_, give) => { setTimeout(() => give(new Error("silent")), 40_000); });
    const { done, value } = await Promise.race([reader.read(), timer]);
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const event = /^event: (.*)$/m.exec(part)?.[1];
      const data = /^data: (.*)$/m.exec(part)?.[1];
      if (!event || data === undefined) continue;
      if (event === "bye") return;
      const told = JSON.parse(data);
      tabs?.postMessage({ event, told });
      heard(event, told);
    }
  }
}

// The outbox is emptied by one tab at a time; a line that was kept twice is one line by its name.
async function send() {
  if (sending) return;
  sending = true;
  const work = async () => {
    for (let waiting = outbox(); waiting.length; waiting = outbox()) {
      const [next] = waiting;
      const answer = await fetch(`${api}/messages`, {
        method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(next),
      });
      if (answer.ok) store(outbox().filter((one) => one.client_msg_id !== next.client_msg_id));
      else if (answer.status === 429 || answer.status >= 500) throw new Error("later");
      else refused(next);
      await catchUp();
    }
  };
  try {
    await (navigator.locks ? navigator.locks.request(`chat:${id}:send`, work) : work());
  } catch {
    for (const one of log.querySelectorAll(".pending .chat-state")) one.textContent = words.failed;
    setTimeout(send, 3000 + Math.random() * 3000);
  } finally {
    sending = false;
  }
}

// What is not taken goes back to where it was written.
function refused(line) {
  settle(line.client_msg_id);
  if (!form.elements.text.value) form.elements.text.value = line.text;
}

function say(text, choice = "") {
  const line = { client_msg_id: crypto.randomUUID?.() || `${Date.now()}-${Math.random()}`, text };
  if (choice) line.choice = choice;
  store([...outbox(), line]);
  if (!choice.startsWith("do:")) pend(line); // an answer to the house is told by the house
  send();
}

function pend(line) {
  const item = draw({ author: "citizen", text: line.text });
  item.classList.add("pending");
  item.dataset.client = line.client_msg_id;
  item.append(element("p", "chat-state", words.sending));
  log.append(item);
  item.scrollIntoView({ block: "nearest" });
}

function markRead() {
  if (Number(words.told || 0) >= last) return;
  words.told = last;
  fetch(`${api}/read`, {
    method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify({ seq: last }),
  }).catch(() => {});
}

form.addEventListener("submit", async (event) => {
  const field = form.elements.text;
  const text = field.value.trim();
  const { files } = form.elements;
  if (files.files.length && !("blob" in words)) return; // with files the form goes the plain way
  event.preventDefault();
  if (files.files.length) { await sendFiles(text); return; }
  if (!text) { field.focus(); return; }
  field.value = "";
  say(text);
  field.focus();
});

async function sendFiles(text) {
  const body = new FormData(form);
  body.set("text", text);
  body.set("language", words.language);
  body.set("client_msg_id", crypto.randomUUID?.() || String(Math.random()));
  const answer = await fetch(`${api}/messages`, { method: "POST", headers, body }).catch(() => null);
  connected(Boolean(answer));
  if (!answer?.ok) return;
  form.reset();
  await catchUp();
}

form.elements.text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

form.elements.text.addEventListener("input", () => {
  if (Date.now() - typed < 3000) return;
  typed = Date.now();
  fetch(`${api}/typing`, { method: "POST", headers }).catch(() => {});
});

for (const button of root.querySelectorAll("[data-history] .chat-choices button")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    say(button.dataset.text, button.value);
  });
}

tabs?.addEventListener("message", ({ data }) => heard(data.event, data.told));
addEventListener("online", () => { send(); catchUp(); });
addEventListener("storage", (event) => { if (event.key === box) catchUp(); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") { catchUp().then(markRead); send(); }
});
addEventListener("pageshow", (event) => { if (event.persisted) catchUp(); });

for (const line of outbox()) if (!line.choice?.startsWith("do:")) pend(line);
send();
catchUp();
if (navigator.locks) navigator.locks.request(`chat:${id}:stream`, stream);
else stream();
