/**
 * One client's life with a server, as oauth4webapi leads it; prints what it saw as one JSON line.
 *
 *     node oauth.mjs ISSUER COOKIE KIND
 *
 * KIND says who the client is: `public`, `basic` and `post` register (RFC 7591) without a secret or with one that is
 * sent in that way; `document` is a client id metadata document, served from here. COOKIE is the session of the person
 * whose browser it is; the consent page is read and answered as forms.
 */
import { createServer } from "node:http";
import * as oauth from "oauth4webapi";

const [address, cookie, kind] = process.argv.slice(2);
const plain = { [oauth.allowInsecureRequests]: true }; // both servers are on loopback
const issuer = new URL(address);
const callback = "http://127.0.0.1:1/callback";
const scope = "read write:media";

const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...plain });
const server = await oauth.processDiscoveryResponse(issuer, found);

const { client, authentication, stop } = await introduce();
const seen = { issuer: server.issuer, client: client.client_id };
try {
  await use();
} finally {
  await stop();
}
console.log(JSON.stringify(seen));

async function introduce() {
  if (kind === "document") return serveDocument();
  const method = { public: "none", basic: "client_secret_basic", post: "client_secret_post" }[kind];
  const wanted = {
    client_name: `oauth4webapi ${kind}`,
    redirect_uris: [callback],
    token_endpoint_auth_method: method,
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    scope,
  };
  const answer = await oauth.dynamicClientRegistrationRequest(server, wanted, plain);
  const made = await oauth.processDynamicClientRegistrationResponse(answer);
  const proof = { public: oauth.None, basic: oauth.ClientSecretBasic, post: oauth.ClientSecretPost }[kind];
  return { client: made, authentication: proof(made.client_secret), stop: async () => {} };
}

async function serveDocument() {
  let asked = 0;
  const host = createServer((request, response) => {
    asked += 1;
    seen.documentAsked = asked;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(document));
  });
  await new Promise((done) => host.listen(0, "127.0.0.1", done));
  const document = {
    client_id: `http://127.0.0.1:${host.address().port}/client.json`,
    client_name: "oauth4webapi document",
    redirect_uris: [callback],
    token_endpoint_auth_method: "none",
    grant_types: ["authorization_code", "refresh_token"],
  };
  const stop = () => new Promise((done) => host.close(done));
  return { client: document, authentication: oauth.None(), stop };
}

async function use() {
  const first = await logIn();
  seen.token = first.answer;
  seen.user = await readUser(first.answer.access_token);
  seen.introspected = await introspect(first.answer.access_token);

  const second = await refresh(first.answer.refresh_token);
  seen.refreshed = second;
  seen.oldRefresh = await refusalOf(() => refresh(first.answer.refresh_token));
  seen.afterOldRefresh = (await introspect(second.access_token)).active;

  const other = await logIn();
  seen.replay = await refusalOf(() => redeem(other.parameters, other.verifier));
  seen.afterReplay = (await introspect(other.answer.access_token)).active;

  const third = await logIn();
  const revoked = await oauth.revocationRequest(server, client, authentication, third.answer.access_token, plain);
  await oauth.processRevocationResponse(revoked);
  seen.afterRevocation = (await introspect(third.answer.access_token)).active;

  const fourth = await consent(oauth.generateRandomState());
  seen.wrongVerifier = await refusalOf(() => redeem(fourth.parameters, oauth.generateRandomCodeVerifier()));
}

/** The whole way: consent page, code, tokens. */
async function logIn() {
  const { parameters, verifier } = await consent(oauth.generateRandomState());
  return { answer: await redeem(parameters, verifier), parameters, verifier };
}

/** Send the person to the page and have them say yes; state and issuer of the answer are checked by the library. */
async function consent(state) {
  const verifier = oauth.generateRandomCodeVerifier();
  const page = new URL(server.authorization_endpoint);
  page.search = new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: callback,
    response_type: "code",
    scope,
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  const shown = await fetch(page, { headers: { cookie }, redirect: "manual" });
  if (shown.status !== 200) throw new Error(`the consent page answered ${shown.status}: ${await shown.text()}`);
  const form = new URLSearchParams({ decision: "allow" });
  const [, fields] = /action="\/oauth\/authorize">([\s\S]*?)<\/form>/.exec(await shown.text());
  for (const [, name, value] of fields.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)) {
    form.append(name, value.replaceAll("&amp;", "&"));
  }
  const answered = await fetch(page.origin + page.pathname, {
    method: "POST",
    headers: { cookie },
    body: form,
    redirect: "manual",
  });
  if (answered.status !== 303) throw new Error(`the form answered ${answered.status}: ${await answered.text()}`);
  const back = new URL(answered.headers.get("location"));
  return { parameters: oauth.validateAuthResponse(server, client, back, state), verifier };
}

async function redeem(parameters, verifier) {
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    parameters,
    callback,
    verifier,
    plain,
  );
  return oauth.processAuthorizationCodeResponse(server, client, answer);
}

async function refresh(token) {
  const answer = await oauth.refreshTokenGrantRequest(server, client, authentication, token, plain);
  return oauth.processRefreshTokenResponse(server, client, answer);
}

async function introspect(token) {
  const answer = await oauth.introspectionRequest(server, client, authentication, token, plain);
  return oauth.processIntrospectionResponse(server, client, answer);
}

async function readUser(token) {
  const answer = await oauth.userInfoRequest(server, client, token, plain);
  return oauth.processUserInfoResponse(server, client, oauth.skipSubjectCheck, answer);
}

/** The error that a server answers with, as the library reads it. */
async function refusalOf(act) {
  try {
    await act();
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError) return { status: error.status, error: error.error };
    throw error;
  }
  return null;
}
