// Starts the calculators in a Web Worker. Its name is the address of their WebAssembly's module, chosen by the page.
// Questions that come before it is loaded wait.
const calculator = import(self.name).then(async (module) => {
  await module.default();
  return module;
});
addEventListener("message", async (event) => {
  const module = await calculator;
  module.answer(event.data);
});
