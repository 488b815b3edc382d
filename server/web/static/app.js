// Loads what makes the pages nicer; each part does nothing where the page has no use for it.
import { switchTheme } from "./theme.js";
import { sendInPlace } from "./live.js";
import { hangMore } from "./more.js";
import { veilWithColour } from "./blurhash.js";
import { copyOnClick } from "./copy.js";

const modules = { create: () => import("./create.js"), painting: () => import("./painting.js"), passkey: () => import("./passkey.js") };

switchTheme(document);
sendInPlace(document);
hangMore(document, veilWithColour);
veilWithColour(document);
copyOnClick(document);

for (const element of document.querySelectorAll("[data-module]")) {
  modules[element.dataset.module]?.().then((module) => module.begin(element));
}
