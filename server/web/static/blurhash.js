// Shows a picture's colours until it is there: decodes a blurhash into a small bitmap behind the image.
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz#$%*+,-.:;=?@[]^_{|}~";
const SIZE = 24;

export function veilWithColour(root) {
  for (const image of root.querySelectorAll("img[data-blurhash]")) {
    if (image.complete && image.naturalWidth) continue;
    const address = paint(image.dataset.blurhash);
    if (!address) continue;
    // Set through the object model, which the page's policy allows, and taken away when the picture covers it.
    image.style.background = `url(${address}) center / 100% 100%`;
    image.addEventListener("load", () => { image.style.background = ""; }, { once: true });
  }
}

function paint(hash) {
  const components = read(hash);
  if (!components) return null;
  const { across, down, colours } = components;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE;
  const context = canvas.getContext("2d");
  const pixels = context.createImageData(SIZE, SIZE);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const colour = [0, 0, 0];
      for (let j = 0; j < down; j++) {
        for (let i = 0; i < across; i++) {
          const weight = Math.cos((Math.PI * x * i) / SIZE) * Math.cos((Math.PI * y * j) / SIZE);
          colours[i + j * across].forEach((value, channel) => { colour[channel] += value * weight; });
        }
      }
      pixels.data.set([...colour.map(toByte), 255], 4 * (x + y * SIZE));
    }
  }
  context.putImageData(pixels, 0, 0);
  return canvas.toDataURL();
}

function read(hash) {
  const values = [...hash].map((digit) => DIGITS.indexOf(digit));
  if (values.length < 6 || values.includes(-1)) return null;
  const number = (from, to) => values.slice(from, to).reduce((sum, value) => sum * 83 + value, 0);
  const across = (values[0] % 9) + 1;
  const down = Math.floor(values[0] / 9) + 1;
  if (values.length !== 4 + 2 * across * down) return null;
  const largest = (values[1] + 1) / 166;
  const average = number(2, 6);
  const colours = [[average >> 16, (average >> 8) & 255, average & 255].map(toLinear)];
  for (let place = 6; place < values.length; place += 2) {
    const value = number(place, place + 2);
    colours.push([Math.floor(value / 361), Math.floor(value / 19) % 19, value % 19]
      .map((part) => Math.sign(part - 9) * ((part - 9) / 9) ** 2 * largest));
  }
  return { across, down, colours };
}

function toLinear(byte) {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function toByte(linear) {
  const value = Math.min(1, Math.max(0, linear));
  return Math.round(255 * (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055));
}
