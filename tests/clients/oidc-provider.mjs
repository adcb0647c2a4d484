// A real OpenID Connect provider for the tests: node oidc-provider.mjs <port> <redirect URI>.
// Its login form takes any login; the login is the mail address. POST /test/groups {"login":[…]} says who belongs to which groups.
import http from 'node:http';
import { Provider } from 'oidc-provider';

const [port, redirectUri] = process.argv.slice(2);
let groups = {};

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'governance',
    client_secret: 'a secret that only the tests know',
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: 'client_secret_post',
  }],
  claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email', 'email_verified'] },
  cookies: { keys: ['only for the tests'] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id.split('@')[0], email: id, email_verified: !id.startsWith('unverified'), groups: groups[id] ?? [] }),
  }),
});
const serve = provider.callback();

http.createServer((request, response) => {
  if (request.method !== 'POST' || request.url !== '/test/groups') {
    serve(request, response);
    return;
  }

  let body = '';
  request.on('data', chunk => { body += chunk; });
  request.on('end', () => {
    groups = JSON.parse(body);
    response.writeHead(204).end();
  });
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
