#include "uploads/objects.h"

#include <gtest/gtest.h>

namespace orakgarak::uploads {
namespace {

TEST(ObjectKey, NamesItsUploadBothWays) {
  const UploadId id = UploadId::make(Time());
  EXPECT_EQ(upload_of_key(object_key(id)), id);
  EXPECT_EQ(upload_of_key(derived_prefix(id) + "pcm"), id);
}

TEST(ObjectKey, OthersBelongToNobody) {
  const UploadId id = UploadId::make(Time());
  for (const std::string& key : {std::string(), std::string("uploads/"), std::string("uploads/../etc"),
                                 id.text(), object_key(id) + "/x", "derived/" + id.text().substr(1) + "/pcm"})
    EXPECT_FALSE(upload_of_key(key)) << key;
}

}  // namespace
}  // namespace orakgarak::uploads
