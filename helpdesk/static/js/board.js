// The supervisor's board refreshes itself while it is looked at, and never under the reader's hand.

const EVERY = 30_000;
const frame = document.querySelector("[data-board]");

async function refresh() {
  const old = document.getElementById("board");
  if (document.hidden || old.contains(document.activeElement) || old.matches(":hover")) return;
  try {
    const answer = await fetch(frame.dataset.board, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("board");
    if (fresh) old.replaceWith(fresh);
  } catch {
    // the line is down: the board keeps saying as of when it stands
  }
}

if (frame) setInterval(refresh, EVERY);
