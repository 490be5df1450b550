// Starts the calculators in a Web Worker. Its name is the address of their WebAssembly's module, chosen by the page.
// Questions that come before it is loaded wait.
const calculator = import(self.name).then(async (module) => {
  await module.default();
  return module;
});

// What goes wrong here must reach the page as an error of the worker: it then leaves the calculation to the server.
function fail(error) {
  setTimeout(() => {
    throw error;
  });
}
calculator.catch(fail);

addEventListener("message", async (event) => {
  const module = await calculator.catch(() => undefined);
  try {
    module?.answer(event.data);
  } catch (error) {
    fail(error);
  }
});
