#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace orakgarak::commands {

/// What of `value` breaks the JSON Schema; empty where nothing does. Knows the words that docs/schema uses
/// (type, required, properties, additionalProperties, items, minItems, maxItems, minimum, maximum, oneOf,
/// $ref within the file) and fails on any other, so that a schema cannot promise what nobody checks.
std::vector<std::string> schema_faults(const nlohmann::json& schema, const nlohmann::json& value);

/// docs/schema/NAME.schema.json
nlohmann::json load_schema(const std::string& name);

}  // namespace orakgarak::commands
