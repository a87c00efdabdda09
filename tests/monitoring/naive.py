"""The same rules without care: no `for`, no inhibition, every alert a message of its own."""
import yaml

import rules

ALERTMANAGER = """
templates: [/etc/orakgarak/alertmanager/orakgarak.tmpl]
route:
  receiver: all
  group_by: [...]
  group_wait: 0s
  group_interval: 5s
  repeat_interval: 4h
  routes:
    - matchers: [severity="heartbeat"]
      receiver: nobody
receivers:
  - name: nobody
  - name: all
    slack_configs:
      - api_url_file: /etc/orakgarak/alertmanager/mattermost-url
        channel: all
        send_resolved: false
        title: '{{ template "orakgarak.title" . }}'
        text: '{{ template "orakgarak.text" . }}'
"""


def rule_files():
    """Of each alert its expression and labels; what it waits for and how long it goes on is left out."""
    made = {}
    for file in rules.rule_files():
        content = yaml.safe_load(file.read_text())
        for group in content["groups"]:
            for rule in group["rules"]:
                rule.pop("for", None)
                rule.pop("keep_firing_for", None)
        made[file.name] = yaml.safe_dump(content, sort_keys=False)
    return made
