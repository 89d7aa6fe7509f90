// What citizens' pages gain from JavaScript; all of them work without it.

const summary = document.querySelector("[data-error-summary]");
if (summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".govuk-form-group, .field") || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
}

// A second press on "Send" within a few seconds is a slip of the finger.
for (const form of document.querySelectorAll("form[data-once]")) {
  let sent = 0;
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (Date.now() - sent < 5000) event.preventDefault();
    sent = Date.now();
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// Files that would be refused are told before they travel.
for (const input of document.querySelectorAll("input[type=file][data-largest]")) {
  const { largest, together, most, told } = input.dataset;
  input.addEventListener("change", () => {
    const sizes = [...input.files].map((file) => file.size);
    const sum = sizes.reduce((all, size) => all + size, 0);
    const wrong = sizes.length > most || sum > together || sizes.some((size) => size > largest);
    input.setCustomValidity(wrong ? told : "");
    if (wrong) input.reportValidity();
  });
  input.form.addEventListener("submit", (event) => {
    if (input.checkValidity() || event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    input.reportValidity();
  }, { capture: true });
}

// A form that is being filled in is kept, quietly, a few seconds after the last letter and when the page is left.
for (const form of document.querySelectorAll("form[data-autosave]")) autosave(form);

function autosave(form) {
  const shown = form.querySelector("[data-saved]");
  let timer = 0;
  let dirty = false;
  let running = null;
  let sending = false;
  form.addEventListener("input", () => {
    dirty = true;
    clearTimeout(timer);
    timer = setTimeout(save, 3000);
  });
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    sending = true;
    clearTimeout(timer);
    running?.abort();
  });
  window.addEventListener("pageshow", () => { sending = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });

  async function save() {
    if (sending || !dirty) return;
    if (running) { timer = setTimeout(save, 1000); return; }
    dirty = false;
    running = new AbortController();
    const told = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") told.append(name, value);
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST", body: told, headers: { Accept: "application/json" }, keepalive: true, signal: running.signal,
      });
      if (answer.ok) keep(await answer.json());
    } catch {
      dirty = true; // Without a connection nothing is lost: the text is still in the form, and the next letter tries again.
    } finally {
      running = null;
    }
  }

  function keep({ draft, saved }) {
    form.elements.draft.value = draft;
    shown.textContent = saved;
    const here = new URL(location.href);
    here.pathname = new URL(form.action).pathname;
    here.searchParams.set("draft", draft);
    history.replaceState(history.state, "", here);
  }
}
