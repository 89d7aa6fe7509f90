// A long piece of work: its progress refreshes itself, and when it is done the page shows what it came to.

const EVERY = 2_000;

async function refresh() {
  const old = document.querySelector("[data-progress]");
  if (!old || document.hidden) return;
  try {
    const answer = await fetch(old.dataset.progress, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return;
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = read.querySelector("[data-progress]");
    if (fresh) old.replaceWith(fresh);
    else if (read.querySelector("[data-ended]")) location.reload();
  } catch {
    // the line is down: the page keeps showing how far it was
  }
}

if (document.querySelector("[data-progress]")) setInterval(refresh, EVERY);
