#pragma once
// What every PeopleStore keeps, whatever holds its rows. An adapter gives a Place, and INSTANTIATEs the
// suite.
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "people/store.h"

namespace orakgarak::people {

/// An empty database of one test; it goes with the object.
class Place {
 public:
  virtual ~Place() = default;
  /// One more store on it.
  virtual std::unique_ptr<PeopleStore> open() = 0;
  /// The tables of which some row holds `text` anywhere, by name.
  virtual std::vector<std::string> tables_mentioning(const std::string& text) = 0;
};

struct Adapter {
  std::string name;
  std::function<std::unique_ptr<Place>()> make;
};
inline void PrintTo(const Adapter& adapter, std::ostream* out) { *out << adapter.name; }

class PeopleStoreContract : public testing::TestWithParam<Adapter> {
 protected:
  PeopleStoreContract() : place(GetParam().make()), opened(place->open()) {}
  PeopleStore& store() { return *opened; }

  std::unique_ptr<Place> place;
  std::unique_ptr<PeopleStore> opened;
};

}  // namespace orakgarak::people
