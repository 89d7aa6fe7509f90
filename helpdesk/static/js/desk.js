// Keys, panes and toasts of every page of the desk.
document.documentElement.classList.add("scripted");
const typing = (element) => element?.closest?.("input:not([type=radio], [type=checkbox], [type=file]), textarea, select, [contenteditable]");


// Keys of one letter can be switched off: speech input and a slip of the hand press them too.
const letters = document.getElementById("letter-keys");
const lettersOn = () => localStorage.getItem("letter-keys") !== "off";
if (letters) {
  letters.checked = lettersOn();
  letters.addEventListener("change", () => localStorage.setItem("letter-keys", letters.checked ? "on" : "off"));
}

// The letter that a Latin keyboard has there, whichever script is being typed.
const latin = ({ key, code }) => (/^Key[A-Z]$/.test(code) && !/^[a-z]$/i.test(key) ? code[3].toLowerCase() : key);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePanes();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if ([...event.key].length === 1 && !lettersOn()) return;
  if (event.key === "/") {
    const search = document.getElementById("q");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "?") {
    document.getElementById("keys")?.togglePopover?.();
  } else if (latin(event) === "g" && document.getElementById("next")) {
    document.getElementById("next").requestSubmit();
  } else {
    document.dispatchEvent(new CustomEvent("desk:key", { detail: latin(event) }));
  }
});

function closePanes() {
  const open = document.querySelector("details.act[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
  document.querySelector(".toast")?.remove();
}

// A pane closes when the hand goes elsewhere; the first field of one that opens takes the focus.
document.addEventListener("click", (event) => {
  for (const pane of document.querySelectorAll("details.act[open]")) {
    if (!pane.contains(event.target)) pane.open = false;
  }
});
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches?.("details.act[open]")) event.target.querySelector(".pane :is(select, textarea, input:not([type=hidden]), button)")?.focus();
  },
  true,
);

for (const field of document.querySelectorAll("[data-submits]")) {
  field.addEventListener("change", () => field.form.requestSubmit());
}

const toast = document.querySelector(".toast");
if (toast) {
  const stay = Number(toast.dataset.seconds || 8) * 1000;
  let left = setTimeout(() => toast.remove(), stay);
  toast.addEventListener("focusin", () => clearTimeout(left));
  toast.addEventListener("pointerenter", () => clearTimeout(left));
  toast.addEventListener("pointerleave", () => (left = setTimeout(() => toast.remove(), stay)));
}

// A refusal is read first.
document.querySelector("[data-error-summary]")?.focus();

// After an act the focus goes where the hand expects: the page says where by its fragment.
// The browser goes there too, and takes the focus off what it cannot focus: hence after it.
addEventListener("load", () => {
  const target = location.hash ? document.getElementById(location.hash.slice(1)) : null;
  (target?.matches("tr") ? target.querySelector("a") : target)?.focus();
});
