// One stream for all tabs of a browser: the first tab brings a token, every tab hears what comes. A browser opens only
// six connections to a host over HTTP/1.1; eight tabs with a stream each would stall.
import { follow, type Told } from './stream'

const scope = self as unknown as { onconnect: (event: MessageEvent) => void }
const tabs = new Set<MessagePort>()
let token: string | null = null
let stop = () => {}

function tell(told: Told) {
  for (const tab of tabs) tab.postMessage(told)
}

function heard(tab: MessagePort, message: { type: 'listen'; token: string } | { type: 'leave' }) {
  if (message.type === 'leave') {
    tabs.delete(tab)
    if (tabs.size > 0) return
    stop()
    token = null
    return
  }
  tabs.add(tab)
  if (message.token === token) return
  stop()
  token = message.token
  stop = follow(token, tell)
}

scope.onconnect = (event) => {
  const [tab] = event.ports
  tab.onmessage = ({ data }) => heard(tab, data)
  tab.start()
}
