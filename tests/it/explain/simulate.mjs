// Lets an independent evaluator decide requests: one JSON object per line in, one decision per line out.
// The folder that holds the package is the first argument.
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const require = createRequire(pathToFileURL(`${process.argv[2]}/`))
const { runSimulation } = require('@cloud-copilot/iam-simulate')

for await (const line of createInterface({ input: process.stdin })) {
  const { principal, action, resource, context, trust, identity } = JSON.parse(line)
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: resource.split(':')[4] },
        contextVariables: context,
      },
      identityPolicies: identity.map((policy, index) => ({ name: `own-${index}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: trust,
    },
    { simulationMode: 'Strict' },
  )
  const { resultType, errors, overallResult } = result
  console.log(resultType === 'error' ? `error ${JSON.stringify(errors)}` : overallResult === 'Allowed' ? 'allow' : 'deny')
}
