// Lets an independent evaluator decide requests: one JSON object per line in, one decision per line out.
// The folder that holds the package is the first argument. A line with `as_given` is decided with every key that it holds: the
// package's list of keys lacks most claims of identity providers.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const require = createRequire(pathToFileURL(`${process.argv[2]}/`))
const { runSimulation, runUnsafeSimulation } = require('@cloud-copilot/iam-simulate')
const { createValidatedPolicy, validateTrustPolicy } = require('@cloud-copilot/iam-policy')

for await (const line of createInterface({ input: process.stdin })) {
  const { principal, action, resource, context, trust, identity, as_given } = JSON.parse(line)
  const simulation = {
    request: {
      principal,
      action,
      resource: { resource, accountId: resource.split(':')[4] },
      contextVariables: context,
    },
    identityPolicies: identity.map((policy, index) => ({ name: `own-${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: as_given ? createValidatedPolicy(trust, validateTrustPolicy, { name: 'trust' }) : trust,
  }
  const { resultType, errors, overallResult } = as_given
    ? { overallResult: runUnsafeSimulation(simulation, {}) }
    : await runSimulation(simulation, { simulationMode: 'Strict' })
  console.log(resultType === 'error' ? `error ${JSON.stringify(errors)}` : overallResult === 'Allowed' ? 'allow' : 'deny')
}
