#include "commands/schema.h"

#include <algorithm>
#include <array>
#include <fstream>

namespace orakgarak::commands {
namespace {

using nlohmann::json;

constexpr std::array known{"$schema", "$id",         "$defs",      "$ref",
                           "title",   "description", "type",       "oneOf",
                           "items",   "required",    "minItems",   "maxItems",
                           "minimum", "maximum",     "properties", "additionalProperties"};

class Check {
 public:
  explicit Check(const json& root) : root_(root) {}
  std::vector<std::string> faults;

  void value(const json& schema, const json& value, const std::string& where) {
    for (const auto& [word, ignored] : schema.items())
      if (std::ranges::find(known, word) == known.end()) fault(where, "the schema says " + word);
    if (schema.contains("$ref"))
      this->value(root_.at(json::json_pointer(schema["$ref"].get<std::string>().substr(1))), value, where);
    if (schema.contains("type") && !of_type(schema["type"], value))
      fault(where, value.dump().substr(0, 60) + " is not of type " + schema["type"].dump());
    if (schema.contains("oneOf")) one_of(schema["oneOf"], value, where);
    if (value.is_object()) object(schema, value, where);
    if (value.is_array()) array(schema, value, where);
    if (value.is_number()) number(schema, value, where);
  }

 private:
  void fault(const std::string& where, const std::string& what) { faults.push_back(where + ": " + what); }

  static bool of_type(const json& type, const json& value) {
    if (type.is_array())
      return std::ranges::any_of(type, [&](const json& one) { return of_type(one, value); });
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "integer") return value.is_number_integer();
    return type == "number" && value.is_number();
  }

  void one_of(const json& choices, const json& value, const std::string& where) {
    const auto fits = std::ranges::count_if(choices, [&](const json& choice) {
      Check attempt(root_);
      attempt.value(choice, value, where);
      return attempt.faults.empty();
    });
    if (fits != 1) fault(where, "fits " + std::to_string(fits) + " of the schema's choices");
  }

  void object(const json& schema, const json& value, const std::string& where) {
    for (const auto& name : schema.value("required", json::array()))
      if (!value.contains(name.get<std::string>())) fault(where, "lacks " + name.get<std::string>());
    const auto properties = schema.value("properties", json::object());
    for (const auto& [name, member] : value.items()) {
      if (properties.contains(name))
        this->value(properties[name], member, where + "/" + name);
      else if (!schema.value("additionalProperties", true))
        fault(where, "has " + name);
    }
  }

  void array(const json& schema, const json& value, const std::string& where) {
    if (value.size() < schema.value("minItems", std::size_t{0})) fault(where, "has too few items");
    if (value.size() > schema.value("maxItems", value.size())) fault(where, "has too many items");
    if (!schema.contains("items")) return;
    for (std::size_t i = 0; i < value.size(); ++i)
      this->value(schema["items"], value[i], where + "/" + std::to_string(i));
  }

  void number(const json& schema, const json& value, const std::string& where) {
    const auto number = value.get<double>();
    if (number < schema.value("minimum", number)) fault(where, value.dump() + " is under the minimum");
    if (number > schema.value("maximum", number)) fault(where, value.dump() + " is over the maximum");
  }

  const json& root_;
};

}  // namespace

std::vector<std::string> schema_faults(const json& schema, const json& value) {
  Check check(schema);
  check.value(schema, value, "");
  return check.faults;
}

json load_schema(const std::string& name) {
  std::ifstream in(ORAK_SOURCE_DIR "/docs/schema/" + name + ".schema.json");
  return json::parse(in);
}

}  // namespace orakgarak::commands
