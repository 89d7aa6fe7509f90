// What the rules give or offer to whoever looks at the page is said in the bar at once.
let timer = 0;

async function refresh() {
  const answer = await fetch("/desk/presence/bar", { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("presence");
  const old = document.getElementById("presence");
  if (fresh && old && !old.querySelector(":popover-open")) old.replaceChildren(...fresh.childNodes);
}

for (const topic of ["desk:news", "desk:chat"]) document.addEventListener(topic, ({ detail: news }) => {
  const mine = document.getElementById("presence")?.dataset.person;
  if (news.kind !== "resync" && String(news.person) !== mine) return;
  clearTimeout(timer);
  timer = setTimeout(refresh, 250 + Math.random() * 500);
});
