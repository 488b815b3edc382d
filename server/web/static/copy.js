// Copies what is marked as worth copying: an address, a seed.
export function copyOnClick(root) {
  for (const element of root.querySelectorAll("[data-copy]")) {
    element.title = "Copy";
    element.addEventListener("click", async () => {
      await navigator.clipboard.writeText(element.dataset.copy);
      element.classList.add("copied");
      setTimeout(() => element.classList.remove("copied"), 1500);
    });
  }
}
