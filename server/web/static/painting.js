// Follows a wish while it is painted: place in the queue, step, preview; and goes on when it is over.
export function begin(element) {
  const status = element.querySelector("[data-status]");
  const bar = element.querySelector("[data-progress]");
  const estimate = element.querySelector("[data-estimate]");
  const canvas = document.querySelector("[data-canvas]");
  const events = new EventSource(element.dataset.events);
  events.addEventListener("progress", (event) => {
    const progress = JSON.parse(event.data);
    if (progress.page) {
      events.close();
      location.replace(progress.page);
      return;
    }
    say(status, words(progress));
    say(estimate, progress.estimate_seconds === null ? "" : `About ${duration(progress.estimate_seconds)} more.`);
    if (progress.total) {
      bar.max = progress.total;
      bar.value = progress.step;
    }
    if (progress.preview) show(canvas, progress.preview);
  });
  // Whoever cancels or leaves is on the way already; the end of the wish must not send them elsewhere.
  addEventListener("submit", () => events.close());
  addEventListener("pagehide", () => events.close());
}

function say(element, text) {
  // Written only when it changes, so that a screen reader is not told the same thing twice.
  if (element.textContent !== text) element.textContent = text;
}

function words({ state, ahead, step, total }) {
  if (state === "running") return total ? `Painting, step ${step} of ${total}.` : "Painting.";
  if (ahead === 0) return "Next in line.";
  return `Waiting; ${ahead} ${ahead === 1 ? "picture is" : "pictures are"} before it.`;
}

function duration(seconds) {
  return seconds < 90 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

function show(canvas, address) {
  const next = document.createElementNS("http://www.w3.org/2000/svg", "image");
  for (const name of ["width", "height"]) next.setAttribute(name, canvas.getAttribute(name));
  next.setAttribute("preserveAspectRatio", "xMidYMid slice");
  // Laid over the last one, which goes when this one is there, so that nothing flickers.
  next.addEventListener("load", () => canvas.replaceChildren(next), { once: true });
  next.setAttribute("href", address);
  canvas.append(next);
}
