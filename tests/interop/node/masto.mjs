// masto.js, as a web client uses it: prints `authorize URL`, reads the code from standard input, does what a client does
// and prints what it saw as one JSON line.
//
//     node masto.mjs ORIGIN OTHER_HANDLE PICTURE_FILE
import { openAsBlob } from "node:fs";
import { createInterface } from "node:readline/promises";
import { createOAuthAPIClient, createRestAPIClient, createStreamingAPIClient } from "masto";

const [origin, other, picture] = process.argv.slice(2);
const OOB = "urn:ietf:wg:oauth:2.0:oob";
const SCOPES = "read write follow push";
const PAINT_MS = 90_000;
const EVENT_MS = 30_000;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function until(look, ms = PAINT_MS) {
  for (const end = Date.now() + ms; ; await pause(200)) {
    const seen = await look();
    if (seen || Date.now() > end) return seen;
  }
}

async function logIn() {
  const open = createRestAPIClient({ url: origin });
  const app = await open.v1.apps.create({ clientName: "A web client", redirectUris: OOB, scopes: SCOPES });
  const query = new URLSearchParams({ response_type: "code", client_id: app.clientId, redirect_uri: OOB, scope: SCOPES });
  console.log(`authorize ${origin}/oauth/authorize?${query}`);
  const lines = createInterface({ input: process.stdin });
  const code = (await new Promise((resolve) => lines.once("line", resolve))).trim();
  lines.close();
  const token = await createOAuthAPIClient({ url: origin }).token.create({
    grantType: "authorization_code", clientId: app.clientId, clientSecret: app.clientSecret, redirectUri: OOB, code, scope: SCOPES,
  });
  return token.accessToken;
}

async function takePart(api) {
  const seen = {};
  const [stranger] = await api.v1.accounts.search.list({ q: other, resolve: true });
  seen.followed = (await api.v1.accounts.$select(stranger.id).follow()).following;
  const media = await api.v2.media.create({ file: await openAsBlob(picture, { type: "image/png" }), description: "a grey square" });
  const post = await api.v1.statuses.create({ status: "A square of #grey", visibility: "public", mediaIds: [media.id] });
  seen.alt = post.mediaAttachments[0].description;
  seen.home = (await api.v1.timelines.home.list({ limit: 5 }))[0].id === post.id;
  const reply = await api.v1.statuses.create({ status: "An answer", inReplyToId: post.id });
  seen.thread = (await api.v1.statuses.$select(post.id).context.fetch()).descendants.map((one) => one.id).includes(reply.id);
  seen.liked = (await api.v1.statuses.$select(post.id).favourite()).favourited;
  seen.boosted = (await api.v1.statuses.$select(post.id).reblog()).reblog?.id === post.id;
  await api.v1.statuses.$select(reply.id).remove();
  seen.deleted = await api.v1.statuses.$select(reply.id).fetch().then(() => false, (error) => error.statusCode === 404);
  return seen;
}

async function byPrompt(token, api) {
  const form = new FormData();
  form.set("prompt", "a yellow star on a black background");
  const asked = await fetch(`${origin}/api/v2/media`, { method: "POST", body: form, headers: { authorization: `Bearer ${token}` } });
  const { id } = await asked.json();
  const painted = await until(async () => {
    const answer = await fetch(`${origin}/api/v1/media/${id}`, { headers: { authorization: `Bearer ${token}` } });
    return answer.status === 200 ? await answer.json() : null;
  });
  const post = await api.v1.statuses.create({ status: "Painted for me", mediaIds: [id] });
  return { status: asked.status, url: painted?.url ?? null, shown: post.mediaAttachments[0]?.url ?? null };
}

async function listen(token, api) {
  const { configuration } = await api.v2.instance.fetch();
  const streaming = createStreamingAPIClient({ streamingApiUrl: configuration.urls.streaming, accessToken: token });
  const subscription = streaming.user.subscribe();
  const heard = [];
  const reading = (async () => {
    for await (const event of subscription) heard.push([event.event, event.event === "update" ? event.payload.id : event.payload]);
  })();
  const seen = { update: false, delete: false };
  // The socket says nothing when it is open, so posts are sent until one is heard.
  let post;
  seen.update = Boolean(await until(async () => {
    post = await api.v1.statuses.create({ status: `Heard at once ${Date.now()}` });
    return until(() => heard.some(([name, id]) => name === "update" && id === post.id), 3_000);
  }, EVENT_MS));
  await api.v1.statuses.$select(post.id).remove();
  seen.delete = Boolean(await until(() => heard.some(([name, id]) => name === "delete" && id === post.id), EVENT_MS));
  subscription.unsubscribe();
  streaming.close();
  await Promise.race([reading, pause(1_000)]);
  return seen;
}

const token = await logIn();
const api = createRestAPIClient({ url: origin, accessToken: token });
const me = await api.v1.accounts.verifyCredentials();
console.log(JSON.stringify({
  me: me.acct,
  part: await takePart(api),
  prompt: await byPrompt(token, api),
  stream: await listen(token, api),
}));
process.exit(0);
