// Stands before a stand-in for AWS that asks no policy, and asks them: an independent evaluator decides who may assume a role, and
// whether a role may create a bucket. Everything that is allowed, and everything else, is passed on.
//
//   node gate.mjs FOLDER URL    the folder that holds the evaluator, the stand-in's address; prints its own port
//
// The caller's own side allows everything, so that the role's side decides. A session whose token is `with-mfa` carries MFA.
import http from 'node:http'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [folder, upstream] = process.argv.slice(2)
const { runSimulation } = createRequire(pathToFileURL(`${folder}/`))('@cloud-copilot/iam-simulate')
const { hostname, port } = new URL(upstream)
const ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

function send({ method, path, headers, body }) {
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, method, path, headers }, (response) => {
      const chunks = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () => resolve({ response, body: Buffer.concat(chunks) }))
    })
    request.on('error', reject)
    request.end(body)
  })
}

// One call of a service that answers in JSON when asked to: as whoever the headers say.
async function ask(service, version, action, parameters, headers) {
  const body = new URLSearchParams({ Action: action, Version: version, ContentType: 'JSON', ...parameters }).toString()
  const scope = `Credential=OBSERVER/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`
  const answer = await send({
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': Buffer.byteLength(body),
      authorization: `AWS4-HMAC-SHA256 ${scope}`,
      ...headers,
    },
    body,
  })
  const said = answer.body.toString()
  return answer.response.statusCode === 200 ? JSON.parse(said)[`${action}Response`][`${action}Result`] : undefined
}

const iam = (account, action, parameters) =>
  ask('iam', '2010-05-08', action, parameters, { 'x-moto-account-id': account })

async function caller(headers) {
  const kept = Object.fromEntries(
    ['authorization', 'x-amz-security-token'].filter((name) => headers[name]).map((name) => [name, headers[name]]),
  )
  const scope = { authorization: kept.authorization.replace(/\/[^/]+\/aws4_request/, '/sts/aws4_request') }
  const { Arn, Account } = await ask('sts', '2011-06-15', 'GetCallerIdentity', {}, { ...kept, ...scope })
  const [, role] = Arn.match(/:assumed-role\/([^/]+)\//) ?? []
  const principal = role ? `arn:aws:iam::${Account}:role/${role}` : Arn
  return { arn: Arn, account: Account, role, principal, token: headers['x-amz-security-token'] }
}

async function isAllowed(who, action, resource, accountId, context, trust, identity) {
  const { resultType, errors, overallResult } = await runSimulation(
    {
      request: { principal: who.arn, action, resource: { resource, accountId }, contextVariables: context },
      identityPolicies: identity.map((policy, index) => ({ name: `own-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: trust,
    },
    { simulationMode: 'Strict' },
  )
  if (resultType === 'error') throw new Error(JSON.stringify(errors))
  return overallResult === 'Allowed'
}

// Whether the trust policy of a role, as it is now, lets this request in.
async function mayAssume(who, form) {
  const arn = form.get('RoleArn')
  const account = arn.split(':')[4]
  const found = await iam(account, 'GetRole', { RoleName: arn.split('/').at(-1) })
  if (!found || found.Role.Arn !== arn) return 'sts:AssumeRole'
  const document = found.Role.AssumeRolePolicyDocument
  const trust = typeof document === 'string' ? JSON.parse(decodeURIComponent(document)) : document
  const context = { 'aws:PrincipalArn': who.principal, 'aws:PrincipalAccount': who.account }
  const set = (key, name) => form.get(name) !== null && (context[key] = form.get(name))
  set('sts:ExternalId', 'ExternalId')
  set('sts:RoleSessionName', 'RoleSessionName')
  set('sts:SourceIdentity', 'SourceIdentity')
  if (who.token) context['aws:MultiFactorAuthPresent'] = String(who.token === 'with-mfa')
  const members = (list, field) => {
    const found = []
    for (let n = 1; form.get(`${list}.member.${n}${field}`) !== null; n++) found.push(form.get(`${list}.member.${n}${field}`))
    return found
  }
  const keys = members('Tags', '.Key')
  const values = members('Tags', '.Value')
  keys.forEach((key, index) => (context[`aws:RequestTag/${key}`] = values[index]))
  if (keys.length) context['aws:TagKeys'] = keys
  const transitive = members('TransitiveTagKeys', '')
  if (transitive.length) context['sts:TransitiveTagKeys'] = transitive
  const actions = ['sts:AssumeRole']
  if (keys.length) actions.push('sts:TagSession')
  if (form.get('SourceIdentity') !== null) actions.push('sts:SetSourceIdentity')
  const own = who.account === account ? [] : [ALL]
  for (const action of actions) {
    if (!(await isAllowed(who, action, arn, account, context, trust, own))) return action
  }
}

// Whether the policies attached to the caller's role let it create a bucket; whoever is no role may do everything.
async function mayCreate(who, bucket) {
  if (!who.role) return true
  const attached = await iam(who.account, 'ListAttachedRolePolicies', { RoleName: who.role })
  const policies = []
  for (const { PolicyArn } of attached?.AttachedPolicies ?? []) {
    const { Policy } = await iam(who.account, 'GetPolicy', { PolicyArn })
    const version = await iam(who.account, 'GetPolicyVersion', { PolicyArn, VersionId: Policy.DefaultVersionId })
    const document = version.PolicyVersion.Document
    policies.push(typeof document === 'string' ? JSON.parse(decodeURIComponent(document)) : document)
  }
  const context = { 'aws:PrincipalArn': who.principal, 'aws:PrincipalAccount': who.account }
  return isAllowed(who, 's3:CreateBucket', `arn:aws:s3:::${bucket}`, who.account, context, undefined, policies)
}

function refuse(response, code, message) {
  const error = `<Error><Code>${code}</Code><Message>${message}</Message></Error>`
  response.writeHead(403, { 'content-type': 'text/xml', 'x-amzn-requestid': 'refused-by-the-gate' })
  response.end(`<ErrorResponse>${error}<RequestId>refused-by-the-gate</RequestId></ErrorResponse>`)
}

async function attend(request, response, body) {
  const { method, url, headers } = request
  const form = headers['content-type']?.includes('form') ? new URLSearchParams(body.toString()) : undefined
  const [, bucket] = url.match(/^\/([a-z0-9.-]+)\/?$/) ?? []
  if (headers.authorization && form?.get('Action') === 'AssumeRole') {
    const who = await caller(headers)
    const action = await mayAssume(who, form)
    const message = `User: ${who.arn} is not authorized to perform: ${action} on resource: ${form.get('RoleArn')}`
    if (action) return refuse(response, 'AccessDenied', message)
  }
  if (method === 'PUT' && bucket && !(await mayCreate(await caller(headers), bucket))) {
    return refuse(response, 'AccessDenied', 'Access Denied')
  }
  const { response: answer, body: said } = await send({ method, path: url, headers, body })
  response.writeHead(answer.statusCode, answer.headers)
  response.end(method === 'HEAD' ? undefined : said)
}

const server = http.createServer((request, response) => {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () =>
    attend(request, response, Buffer.concat(chunks)).catch((error) => {
      console.error(error)
      response.writeHead(500)
      response.end()
    }),
  )
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
// It ends with whoever started it.
process.stdin.on('end', () => process.exit()).resume()
