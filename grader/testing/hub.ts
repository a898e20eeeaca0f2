import { execFileSync, spawn } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { GitHubError, github } from '../system/github';
import { type MadeHistory, makeHistory } from './histories';

/** One repository, as GitHub has it. */
interface HubRepository {
  readonly visibility: 'private' | 'public' | 'internal';
  readers: readonly { login: string; permissions: object }[];
  pulls: readonly { number: number; title: string; state?: 'open' | 'closed'; base: { ref: string } }[];
  readonly comments: { id: number; body: string; user: { login: string } }[];
  /** Issues that are not pull requests. */
  readonly issues: { number: number; title: string; state?: 'open' | 'closed'; user: { login: string } }[];
  isTemplate?: boolean;
  /** The name of the template that it was made from, if any. */
  readonly madeFrom?: string;
}

interface GraphQuery {
  readonly query: string;
  readonly variables: { readonly name?: string; readonly input?: { name?: string; repositoryId?: string } };
}

/** The parts of GitHub's API that the tests need, and its repositories, on a server for the real gh and git. */
export class Hub {
  readonly repositories = new Map<string, HubRepository>();
  /** How many requests have written something so far. */
  writes = 0;
  /** After this many writes, every further write fails. */
  breaksAfter = Number.POSITIVE_INFINITY;
  private server: Server | undefined;

  private host = '';
  org = 'org';

  /** The folder of the bare repositories that git can fetch, as `org/name.git`. */
  gitRoot: string | undefined;

  /**
   * @param folder an empty folder, for the certificate.
   * @returns the environment variables that make gh and git find and trust this server.
   */
  async start(folder: string): Promise<Record<string, string>> {
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, '-days', '2'],
        ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ],
      { stdio: 'ignore' },
    );
    const options = { key: readFileSync(key), cert: readFileSync(cert) };
    const server = createServer(options, async (request, response) => {
      const { method = '', url = '', headers } = request;
      if (headers.authorization && /^\/[\w-]+\/[\w.-]+\.git\//.test(url)) this.serveGit(request, response);
      else {
        const [status, answer] = headers.authorization
          ? this.answer(method, url, await text(request))
          : [401, { message: 'Requires authentication' }];
        const asked = { 'www-authenticate': 'Basic realm="hub"', 'content-type': 'application/json' };
        response.writeHead(status, asked).end(JSON.stringify(answer));
      }
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.host = `localhost:${(server.address() as AddressInfo).port}`;
    return {
      SSL_CERT_FILE: cert,
      GIT_SSL_CAINFO: cert,
      GH_HOST: this.host,
      GH_ENTERPRISE_TOKEN: 'x',
      GH_CONFIG_DIR: folder,
    };
  }

  /** Answers the requests of this process itself until the mocks are restored: a process of gh takes longer than a test. */
  answerInProcess(): void {
    const ask = async (method: string, address: string, body = {}) => {
      const [status, answer] = this.answer(method, `/${address}`, JSON.stringify(body));
      if (status >= 400) throw new GitHubError((answer as { message: string }).message);
      return answer as never;
    };
    jest.spyOn(github, 'login').mockResolvedValue('prof');
    jest.spyOn(github, 'get').mockImplementation((address) => ask('GET', address));
    jest.spyOn(github, 'write').mockImplementation((method, address, body) => ask(method, address, body));
    jest
      .spyOn(github, 'list')
      .mockImplementation((address) => ask('GET', `${address}${address.includes('?') ? '&' : '?'}page=1`));
  }

  /** Answers the GraphQL requests that gh sends when it makes a repository, alone or from a template. */
  private graphql({ query, variables }: GraphQuery): object {
    const { input: { name = variables.name ?? '', repositoryId } = {} } = variables;
    const repository = {
      ...{ id: name, name, owner: { login: this.org }, url: `https://${this.host}/${this.org}/${name}` },
      ...{ viewerPermission: 'ADMIN', hasIssuesEnabled: true, defaultBranchRef: { name: 'main' } },
    };
    const made = /createRepository|cloneTemplateRepository/.exec(query)?.[0];
    if (made === undefined) return { repository, viewer: { login: 'prof' } };
    this.add(name, { readers: [{ login: 'prof', permissions: { admin: true } }], pulls: [] });
    if (repositoryId) cpSync(this.bareOf(repositoryId), this.bareOf(name), { recursive: true });
    else makeHistory(this.bareOf(name), { commits: {}, isBare: true });
    return { [made]: { repository } };
  }

  /** Replaces the history of a repository. */
  push(name: string, history: MadeHistory): void {
    if (!this.repositories.has(name)) this.add(name);
    makeHistory(this.bareOf(name), { head: 'trunk', ...history, isBare: true });
  }

  /** The path of the bare repository with this name. */
  bareOf(name: string): string {
    return path.join(this.gitRoot ?? '', this.org, `${name}.git`);
  }

  /** Serves git through git's own server program, as any web server would run it. */
  private serveGit(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, search } = new URL(request.url ?? '', 'https://x');
    const child = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        GIT_PROJECT_ROOT: this.gitRoot,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_USER: 'prof',
      },
    });
    request.pipe(child.stdin);
    void buffer(child.stdout).then((all) => {
      const end = all.indexOf('\r\n\r\n');
      const lines = all.subarray(0, end).toString().split('\r\n');
      const headers = Object.fromEntries(lines.map((line) => line.split(/: (.*)/) as [string, string]));
      response.writeHead(Number.parseInt(headers.Status ?? '200', 10), headers);
      response.end(all.subarray(end + 4));
    });
  }

  stop(): void {
    this.server?.closeAllConnections();
    this.server?.close();
  }

  add(name: string, differs: Partial<HubRepository> = {}): HubRepository {
    const repository = {
      visibility: 'private' as const,
      readers: [
        { login: name.replace('fruit-', ''), permissions: {} },
        { login: 'prof', permissions: { admin: true } },
      ],
      pulls: [{ number: 1, title: 'Feedback', base: { ref: 'feedback' } }],
      comments: [],
      issues: [],
      ...differs,
    };
    this.repositories.set(name, repository);
    return repository;
  }

  private answer(method: string, address: string, body: string): [number, unknown] {
    const { pathname, searchParams } = new URL(address, 'https://x');
    const steps = pathname.replace(/^\/(?:api\/v3\/)?/, '').split('/');
    const page = (items: readonly unknown[]): [number, unknown] => [
      200,
      searchParams.get('page') === '1' ? items : [],
    ];
    if (pathname.endsWith('/graphql')) return [200, { data: this.graphql(JSON.parse(body)) }];
    if (steps[0] === 'user' || steps[0] === '') return [200, { login: 'prof' }];
    if (steps[0] === 'users') return [200, { node_id: 'O_1', login: steps[1], type: 'Organization' }];
    if (steps[0] === 'orgs' && steps[1] === this.org) return page(this.listed());
    const repository = this.repositories.get(steps[2] ?? '');
    if (!repository) return [404, { message: 'Not Found' }];
    // Without a state, GitHub lists open items.
    const wanted = searchParams.get('state') ?? 'open';
    const ofState = <Item extends { state?: string }>(items: readonly Item[]) =>
      items.filter(({ state = 'open' }) => wanted === 'all' || state === wanted);
    if (method !== 'GET') return this.write(repository, steps, JSON.parse(body));
    const { visibility, madeFrom } = repository;
    const template_repository = madeFrom === undefined ? null : { full_name: `${this.org}/${madeFrom}` };
    if (steps[3] === undefined) return [200, { visibility, template_repository }];
    if (steps[3] === 'collaborators') return page(repository.readers);
    if (steps[3] === 'pulls') return page(ofState(repository.pulls));
    return page(steps.length === 4 ? ofState(repository.issues) : repository.comments);
  }

  private write(
    repository: HubRepository,
    steps: readonly string[],
    { body = '', title, is_template }: Record<string, string | undefined>,
  ): [number, unknown] {
    if (++this.writes > this.breaksAfter) return [400, { message: 'Broken' }];
    const prof = { login: 'prof' };
    const known = repository.comments.find(({ id }) => String(id) === steps.at(-1));
    if (is_template !== undefined) repository.isTemplate = true;
    else if (steps[3] === 'collaborators')
      repository.readers = [...repository.readers, { login: steps[4] ?? '', permissions: { push: true } }];
    else if (title !== undefined) repository.issues.push({ number: 7, title, user: prof });
    else if (known) known.body = body;
    else if (steps[3] !== 'actions') repository.comments.push({ id: 1000 + this.writes, body, user: prof });
    return [steps[3] === 'actions' ? 204 : 201, { name: steps[2], number: 7 }];
  }

  private listed() {
    return [...this.repositories].map(([name, { isTemplate = false }]) => ({
      name,
      clone_url: `https://${this.host}/${this.org}/${name}.git`,
      is_template: isTemplate,
    }));
  }
}
