// Switches the theme without a page load and tells the server by its cookie.
const YEAR = 31536000;

export function switchTheme(root) {
  const form = root.querySelector("[data-theme-switch]");
  form?.addEventListener("submit", (event) => {
    const theme = event.submitter?.value;
    if (!theme) return;
    event.preventDefault();
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
    document.documentElement.dataset.theme = theme;
    form.querySelector(`[data-when="${theme}"]`)?.focus();
  });
}
