/**
 * What crosses the wire: an HTTP server on loopback and a watched `fetch`.
 *
 * Knows nothing of ActivityPub; it turns Node's messages into the web's Request and Response, and keeps notes.
 */
import { createServer } from "node:http";

const MAX_NOTES = 5000; // a test run makes a few hundred; a runaway peer must not eat the machine

/** The form of a signature, told from the headers alone. */
export function signatureForm(headers) {
  if (headers.has("signature-input")) return "rfc9421";
  if (headers.has("signature")) return "draft-cavage-http-signatures-12";
  return null;
}

/**
 * Replace the global fetch by one that notes every request with its outcome.
 *
 * Fedify always asks for a handle's WebFinger over https; on loopback there is no TLS, so the scheme is lowered here.
 */
export function watchFetch(notes) {
  const plainFetch = globalThis.fetch;
  globalThis.fetch = async (input, options) => {
    const request = new Request(lowered(input), options);
    const note = { method: request.method, url: request.url, form: signatureForm(request.headers), status: null };
    if (notes.length < MAX_NOTES) notes.push(note);
    try {
      const response = await plainFetch(request);
      note.status = response.status;
      if (response.status >= 400) note.answer = await excerpt(response);
      return response;
    } catch (error) {
      note.answer = String(error.cause ?? error);
      throw error;
    }
  };
}

function lowered(input) {
  const address = input instanceof Request ? input.url : String(input);
  if (!address.startsWith("https://localhost:")) return input;
  const plain = address.replace("https:", "http:");
  return input instanceof Request ? new Request(plain, input) : plain;
}

async function excerpt(response) {
  return (await response.clone().text()).slice(0, 500);
}

/** Serve `handle(Request) -> Response` on a loopback port; resolves to the server when it listens. */
export function serve(port, handle) {
  const server = createServer(async (incoming, outgoing) => {
    try {
      await answer(outgoing, await handle(await readRequest(incoming)));
    } catch (error) {
      console.error(error);
      const body = JSON.stringify({ error: String(error.stack ?? error) });
      outgoing.writeHead(500, { "content-type": "application/json" }).end(body);
    }
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

async function readRequest(incoming) {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const headers = new Headers();
  for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
    headers.append(incoming.rawHeaders[index], incoming.rawHeaders[index + 1]);
  }
  const bodiless = incoming.method === "GET" || incoming.method === "HEAD";
  return new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method,
    headers,
    body: bodiless ? undefined : body,
  });
}

async function answer(outgoing, response) {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
