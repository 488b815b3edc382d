// Sends small forms (like, boost, follow) without leaving the page: the answer is the page itself, of which the part with
// the same id is taken over.
export function sendInPlace(root) {
  root.addEventListener("submit", async (event) => {
    const form = event.target;
    const part = form.closest("#deeds");
    if (!form.matches("[data-live]") || !part || event.defaultPrevented) return;
    event.preventDefault();
    const action = form.getAttribute("action");
    part.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("deeds");
      if (!answer.ok || !fresh) throw new Error(String(answer.status));
      const place = [...part.querySelectorAll("button, a")].indexOf(event.submitter);
      part.replaceChildren(...fresh.childNodes);
      part.querySelectorAll("button, a")[place]?.focus();
    } catch {
      form.submit();
    } finally {
      part.removeAttribute("aria-busy");
    }
  });
}
