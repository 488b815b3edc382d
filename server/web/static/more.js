// Hangs the next page's prints below these when the reader comes near the end; the link stays for everybody else.
export function hangMore(root, prepare) {
  const gallery = root.querySelector("[data-gallery]");
  if (!gallery || !root.querySelector("[data-older]")) return;
  let loading = false;
  const watcher = new IntersectionObserver(async ([entry]) => {
    const link = root.querySelector("[data-older]");
    if (!entry.isIntersecting || loading || !link) return;
    loading = true;
    const older = link.closest(".older");
    try {
      const answer = await fetch(link.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const prints = page.querySelector("[data-gallery]");
      if (!answer.ok || !prints) throw new Error(String(answer.status));
      const fresh = document.createDocumentFragment();
      fresh.append(...prints.children);
      prepare(fresh);
      gallery.append(fresh);
      const next = page.querySelector("[data-older]");
      if (next) link.href = next.getAttribute("href");
      else older.remove();
    } catch {
      watcher.disconnect();
    } finally {
      loading = false;
    }
    if (root.querySelector("[data-older]")) {
      // Look again: the end may still be in sight on a tall screen.
      watcher.unobserve(older);
      watcher.observe(older);
    }
  }, { rootMargin: "800px" });
  watcher.observe(root.querySelector(".older"));
}
