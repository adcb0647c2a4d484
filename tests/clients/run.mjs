// What the scripts beside this one share: node <client>.mjs BASE_URL KEY <kind> runs one kind of call and prints what the package made of it as JSON.
export const [baseURL, apiKey, kind, model] = process.argv.slice(2);

export async function run(kinds) {
  try {
    console.log(JSON.stringify(await kinds[kind]()));
  } catch (error) {
    console.log(JSON.stringify({
      error: error.constructor.name, status: error.status ?? error.$metadata?.httpStatusCode, code: error.code ?? error.error?.error?.code ?? error.name, message: error.message,
    }));
  }
}
