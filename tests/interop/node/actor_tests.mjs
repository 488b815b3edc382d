/**
 * activitypub-testing's run over one actor, as newline-delimited JSON: one assertion a line.
 *
 *     node actor_tests.mjs ACTOR [AUTHORIZATION]
 *
 * Its own command line does not hand the Authorization header on; its class does, and then the tests of POST run.
 */
import { ActorUrlTestRun } from "activitypub-testing/test-actor";

const [actor, authorization] = process.argv.slice(2);
const quiet = Object.assign(Object.create(console), { debug: console.error, log: console.error, warn: console.error });

for await (const assertion of new ActorUrlTestRun(new URL(actor), { authorization, console: quiet })) {
  const { test, result } = assertion;
  console.log(JSON.stringify({ test: test.slug, name: test.name, outcome: result.outcome, info: result.info ?? null }));
}
