export default async function tearDown() {
  const state = globalThis.gatewayTestServices;
  state.users -= 1;
  if (state.users > 0) return;
  const ended = new Promise((resolve) => state.child.once('exit', resolve));
  state.child.send('stop');
  await ended;
}
