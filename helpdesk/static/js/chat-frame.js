// The chat in its frame: asks the page around it for the conversation's key, begins one, and hands over to chat.js.
const { frame: place, module, language, origins } = document.body.dataset;
const known = origins.split(" ").filter(Boolean);
const root = document.querySelector("[data-chat]");
const begin = document.querySelector("[data-begin]");
let around = "";
let identity = "";
// The conversation's secret name: who presses again because no answer came has the same one, not two.
const name = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
let [sent, line] = ["", 0];

function tell(message) {
  if (around) parent.postMessage(message, around);
  else for (const origin of known) parent.postMessage(message, origin);
}

async function talk(key) {
  root.dataset.chat = key.id;
  root.dataset.token = key.token;
  root.dataset.api = `/chat/api/conversations/${key.id}`;
  begin.hidden = true;
  root.hidden = false;
  await import(module);
  document.getElementById("text").focus();
}

async function stillThere(key) {
  const answer = await fetch(`/chat/api/conversations/${key.id}/messages?after=999999999`, { headers: { "X-Chat-Token": key.token } });
  return answer.status !== 404;
}

addEventListener("message", async ({ source, origin, data }) => {
  if (source !== parent || !known.includes(origin) || typeof data?.type !== "string") return;
  around = origin;
  if (data.type === "helpdesk:begin" && root.hidden) {
    identity = String(data.identity || "");
    if (data.key && await stillThere(data.key).catch(() => true)) { talk(data.key); return; }
    if (data.key) tell({ type: "helpdesk:key", key: null });
    begin.hidden = false;
    begin.elements.text.focus();
  }
  if (data.type === "helpdesk:focus") (root.hidden ? begin.elements.text : document.getElementById("text")).focus();
});

begin.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { text, email } = begin.elements;
  const [send, error] = [begin.querySelector("[type=submit]"), begin.querySelector("[data-error]")];
  const complain = (words) => { error.textContent = words; error.hidden = false; text.setAttribute("aria-invalid", "true"); text.focus(); };
  if (!text.value.trim()) { complain(send.dataset.empty); return; }
  send.disabled = true;
  if (sent !== text.value) [sent, line] = [text.value, line + 1];
  try {
    const first = { text: sent, client_msg_id: `begin-${line}`, email: email.value, language, widget: place, identity };
    const answer = await fetch("/chat/api/conversations", { method: "POST", headers: { "Content-Type": "application/json", "Idempotency-Key": name }, body: JSON.stringify(first) });
    const made = await answer.json();
    if (!answer.ok) { complain(made.detail || String(answer.status)); return; }
    const key = { id: made.id, token: made.token };
    tell({ type: "helpdesk:key", key });
    await talk(key);
  } catch {
    complain(send.dataset.failed);
  } finally {
    send.disabled = false;
  }
});

document.addEventListener("chat:line", () => tell({ type: "helpdesk:line" }));
document.querySelector("[data-close]").addEventListener("click", () => tell({ type: "helpdesk:close" }));
addEventListener("keydown", (event) => { if (event.key === "Escape") tell({ type: "helpdesk:close" }); });
tell({ type: "helpdesk:ready" });
