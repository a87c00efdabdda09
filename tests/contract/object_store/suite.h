#pragma once
// What every ObjectStore keeps, wherever its bytes lie.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "uploads/objects.h"

namespace orakgarak::uploads {

/// An empty place for one test; it goes with the object.
class ObjectPlace {
 public:
  virtual ~ObjectPlace() = default;
  virtual std::unique_ptr<ObjectStore> open() = 0;
};

struct ObjectAdapter {
  std::string name;
  std::function<std::unique_ptr<ObjectPlace>()> make;
};
inline void PrintTo(const ObjectAdapter& adapter, std::ostream* out) { *out << adapter.name; }

class ObjectStoreContract : public testing::TestWithParam<ObjectAdapter> {
 protected:
  ObjectStoreContract() : place(GetParam().make()), opened(place->open()) {}
  ObjectStore& store() { return *opened; }

  std::unique_ptr<ObjectPlace> place;
  std::unique_ptr<ObjectStore> opened;
};

/// Puts a text; its facts.
Result<ObjectFacts> put_text(ObjectStore& store, const std::string& key, std::string_view text);
std::string read_text(const OpenFile& file);

}  // namespace orakgarak::uploads
