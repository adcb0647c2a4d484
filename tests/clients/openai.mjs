// Calls the proxy with the official openai package: node openai.mjs BASE_URL KEY plain|stream|error
import OpenAI from 'openai';

const [baseURL, apiKey, kind] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: 'user', content: `Hello from npm, ${kind}` }];

if (kind === 'plain') {
  const { data, response } = await client.chat.completions.create({ model: 'gpt-5-mini', messages }).withResponse();
  console.log(JSON.stringify({
    text: data.choices[0].message.content, tokens: data.usage.total_tokens, requestId: response.headers.get('x-governance-request-id'),
  }));
} else if (kind === 'stream') {
  const { data, response } = await client.chat.completions.create({ model: 'gpt-5-mini', messages, stream: true }).withResponse();
  let text = '', chunks = 0;
  for await (const chunk of data) {
    chunks++;
    text += chunk.choices[0]?.delta?.content ?? '';
  }
  console.log(JSON.stringify({ text, chunks, requestId: response.headers.get('x-governance-request-id') }));
} else {
  try {
    await client.chat.completions.create({ model: 'no-such-model', messages });
  } catch (error) {
    console.log(JSON.stringify({ type: error.constructor.name, status: error.status, code: error.code }));
  }
}
