// What the scripts beside this one share: node <client>.mjs BASE_URL KEY <kind> [<model>] runs one kind of call and prints what the package made of it as JSON.
const [base, key, what, named] = process.argv.slice(2);
export { base as baseURL, key as apiKey, what as kind };

// The model or deployment to call, where the test names one.
export const modelOr = usual => named ?? usual;

export async function run(kinds) {
  try {
    console.log(JSON.stringify(await kinds[what]()));
  } catch (error) {
    console.log(JSON.stringify({
      error: error.constructor.name, status: error.status ?? error.$metadata?.httpStatusCode, code: error.code ?? error.error?.error?.code ?? error.name, message: error.message,
    }));
  }
}
