// Makes a passkey or shows one: asks the browser, puts its answer into the form, sends the form.
const READERS = {
  create: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

export function begin(form) {
  // Without these the form would do nothing, so it stays hidden.
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  form.hidden = false;
  const problem = form.querySelector("[data-problem]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return;
    event.preventDefault();
    problem.hidden = true;
    try {
      const credential = await READERS[form.dataset.verb](JSON.parse(form.dataset.options));
      form.elements.credential.value = JSON.stringify(credential.toJSON());
    } catch (error) {
      problem.textContent =
        error.name === "InvalidStateError" ? "This device has a passkey for you already." : "Your browser gave no passkey. Please try again.";
      problem.hidden = false;
      return;
    }
    form.submit();
  });
}
