// What happens on tickets, as the event "desk:news" on the document: by one stream a tab, and by asking while there is none.
const frame = document.querySelector("[data-live]");
const seen = new Set();
let since = Number(frame.dataset.since || 0);
let asking = 0;
let failures = 0;

function say(news) {
  const key = `${news.ticket}:${news.id}`;
  if (news.kind !== "resync" && seen.has(key)) return;
  seen.add(key);
  if (seen.size > 5000) seen.clear();
  document.dispatchEvent(new CustomEvent("desk:news", { detail: news }));
}

async function ask() {
  try {
    const answer = await fetch(`${frame.dataset.updates}?since=${since}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const told = await answer.json();
    since = told.next;
    told.news.forEach(say);
  } catch {
    // No network: the next question may get through.
  }
}

function startAsking() {
  frame.dataset.state = "asking";
  if (!asking) asking = setInterval(() => document.visibilityState === "visible" && ask(), 10_000);
}

function stopAsking() {
  frame.dataset.state = "live";
  clearInterval(asking);
  asking = 0;
}

function listen() {
  const source = new EventSource(frame.dataset.live);
  const again = (wait) => {
    source.close();
    setTimeout(listen, wait + Math.random() * wait);
  };
  source.addEventListener("hello", () => {
    failures = 0;
    stopAsking();
    ask();
  });
  source.addEventListener("news", (event) => say(JSON.parse(event.data)));
  for (const topic of ["chat", "typing", "presence"]) {
    source.addEventListener(topic, (event) => {
      document.dispatchEvent(new CustomEvent(`desk:${topic}`, { detail: JSON.parse(event.data) }));
    });
  }
  source.addEventListener("resync", () => say({ id: "", ticket: 0, kind: "resync" }));
  source.addEventListener("bye", () => again(1_000));
  source.addEventListener("error", () => {
    startAsking();
    failures += 1;
    if (source.readyState === EventSource.CLOSED) again(Math.min(60_000, 1_000 * 2 ** failures));
  });
  addEventListener("pagehide", () => source.close(), { once: true });
}

listen();
