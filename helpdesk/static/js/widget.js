// The chat's loader for other sites: a button, and a frame once it is pressed. No cookie, no style sheet, nobody else.
(() => {
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  const place = script.dataset.widget;
  const language = (script.dataset.language || document.documentElement.lang || "el").slice(0, 2) === "en" ? "en" : "el";
  const told = {
    el: { open: "Συνομιλήστε μαζί μας", close: "Κλείσιμο συνομιλίας", one: "1 νέο μήνυμα", many: "νέα μηνύματα" },
    en: { open: "Chat with us", close: "Close the chat", one: "1 new message", many: "new messages" },
  }[language];
  const kept = `helpdesk-chat:${place}`;
  const colour = /^#[0-9a-f]{6}$/i.test(script.dataset.colour || "") ? script.dataset.colour : "#0b4f6c";
  // Black or white words, whichever reads better: on any colour one of them has a contrast of 4.5 or more.
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  const words = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000" : "#fff";
  let frame = null;
  let unread = 0;

  function styled(made, style) { for (const [name, value] of Object.entries(style)) made.style.setProperty(name, value); return made; }

  const button = styled(document.createElement("button"), {
    position: "fixed", right: "16px", bottom: "16px", "z-index": "2147483000", "min-width": "56px", "min-height": "56px", padding: "0 20px",
    border: `2px solid ${words}`, "border-radius": "28px", background: colour, color: words, font: "600 16px/1.2 system-ui, sans-serif", cursor: "pointer",
  });
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  label();
  button.addEventListener("click", () => (opened() ? close() : open()));
  document.body.append(button);

  const panel = styled(document.createElement("div"), {
    position: "fixed", right: "16px", bottom: "84px", "z-index": "2147483000", width: "min(400px, calc(100vw - 32px))", height: "min(620px, calc(100vh - 108px))",
    "border-radius": "8px", overflow: "hidden", "box-shadow": "0 8px 32px rgb(0 0 0 / 30%)", display: "none",
  });
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", told.open);
  document.body.append(panel);

  function opened() { return panel.style.display !== "none"; }

  function label() {
    const news = unread ? ` (${unread === 1 ? told.one : `${unread} ${told.many}`})` : "";
    button.textContent = opened_safely() ? told.close : `${told.open}${news}`;
  }
  function opened_safely() { return frame !== null && opened(); }

  function open() {
    if (!frame) {
      frame = styled(document.createElement("iframe"), { width: "100%", height: "100%", border: "0", display: "block" });
      frame.title = told.open;
      frame.src = `${home}/widget/${encodeURIComponent(place)}?lang=${language}`;
      panel.append(frame);
    } else {
      tell({ type: "helpdesk:focus" });
    }
    panel.style.setProperty("display", "block");
    button.setAttribute("aria-expanded", "true");
    unread = 0;
    label();
    frame.focus();
  }

  function close() {
    panel.style.setProperty("display", "none");
    button.setAttribute("aria-expanded", "false");
    label();
    button.focus();
  }

  function tell(message) { frame?.contentWindow.postMessage(message, home); }

  // The key of the conversation stands here, on the page that embeds: cookies of frames are refused by many browsers.
  async function answer() {
    let key = null;
    try { key = JSON.parse(localStorage.getItem(kept) || "null"); } catch { /* without storage a reload begins anew */ }
    const identity = typeof window.helpdeskIdentity === "function" ? await window.helpdeskIdentity() : "";
    tell({ type: "helpdesk:begin", key, identity: identity || "" });
  }

  addEventListener("message", ({ source, origin, data }) => {
    if (origin !== home || source !== frame?.contentWindow || typeof data?.type !== "string") return;
    if (data.type === "helpdesk:ready") answer();
    if (data.type === "helpdesk:key") {
      try {
        if (data.key) localStorage.setItem(kept, JSON.stringify(data.key));
        else localStorage.removeItem(kept);
      } catch { /* see above */ }
    }
    if (data.type === "helpdesk:close") close();
    if (data.type === "helpdesk:line" && !opened()) { unread += 1; label(); }
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape" && opened()) close(); });
  window.helpdeskChat = { open, close, forget() { localStorage.removeItem(kept); frame?.remove(); frame = null; close(); } };
})();
