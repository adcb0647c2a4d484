// Calls the proxy with the official @aws-sdk/client-bedrock-runtime package. KEY is an API key, sent as a bearer token, or ID:SECRET, with which
// the package signs (AWS Signature Version 4).
import {
  BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelCommand, InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { apiKey, baseURL, kind, modelOr, run } from './run.mjs';

const model = modelOr('amazon.nova-lite-v1:0');
const colon = apiKey.indexOf(':');
const client = new BedrockRuntimeClient({
  region: 'eu-central-1', endpoint: baseURL, maxAttempts: 1,
  requestHandler: new NodeHttpHandler(), // Without TLS; by itself this package begins with HTTP/2, which needs TLS to be agreed on.
  ...(colon < 0
    ? { token: { token: apiKey }, authSchemePreference: ['httpBearerAuth'] }
    : { credentials: { accessKeyId: apiKey.slice(0, colon), secretAccessKey: apiKey.slice(colon + 1) } }),
});

let requestId;
client.middlewareStack.add(next => async args => {
  const result = await next(args);
  requestId = result.response.headers['x-governance-request-id'];
  return result;
}, { step: 'deserialize', priority: 'low' });

const saying = text => ({ modelId: model, messages: [{ role: 'user', content: [{ text }] }] });
const toolConfig = { tools: [{ toolSpec: { name: 'lookup', inputSchema: { json: { type: 'object', properties: {} } } } }] };

async function plain(extra) {
  const data = await client.send(new ConverseCommand({ ...saying(`Hello from npm, ${kind}`), ...extra }));
  const [block] = data.output.message.content;
  return { text: block.text, tool: block.toolUse?.name, input: data.usage.inputTokens, output: data.usage.outputTokens, requestId };
}

async function stream(extra) {
  const data = await client.send(new ConverseStreamCommand({ ...saying(`Hello from npm, ${kind}`), ...extra }));
  let text = '', tool, usage;
  for await (const event of data.stream) {
    text += event.contentBlockDelta?.delta?.text ?? '';
    tool ??= event.contentBlockStart?.start?.toolUse?.name;
    usage = event.metadata?.usage ?? usage;
  }
  return { text, tool, input: usage?.inputTokens, output: usage?.outputTokens, requestId };
}

const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Hello' }] }] });
await run({
  plain,
  stream,
  tools: () => plain({ toolConfig }),
  'tools-stream': () => stream({ toolConfig }),
  error: () => plain({ modelId: 'no-such-model' }),
  throttled: () => plain(saying('[sandbox:error=429]')),
  'stream-error': () => stream(saying('[sandbox:stream-error]')),
  invoke: async () => {
    const data = await client.send(new InvokeModelCommand({ modelId: model, body, contentType: 'application/json' }));
    return { text: JSON.parse(Buffer.from(data.body).toString('utf8')).output.message.content[0].text, requestId };
  },
  'invoke-stream': async () => {
    const data = await client.send(new InvokeModelWithResponseStreamCommand({ modelId: model, body, contentType: 'application/json' }));
    let text = '', metrics;
    for await (const event of data.body) {
      const chunk = JSON.parse(Buffer.from(event.chunk.bytes).toString('utf8'));
      text += chunk.contentBlockDelta?.delta?.text ?? '';
      metrics = chunk['amazon-bedrock-invocationMetrics'] ?? metrics;
    }
    return { text, input: metrics?.inputTokenCount, output: metrics?.outputTokenCount, requestId };
  },
});
