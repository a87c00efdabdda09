#include "storage/local_objects/form_data.h"

#include <gtest/gtest.h>

namespace orakgarak::storage {
namespace {

using Kind = FormEvent::Kind;

/// "field=value|<file|bytes|file>", then "!malformed" or the like where it ends so.
std::string read(std::string_view body, std::size_t step = 1 << 16, std::string_view boundary = "B") {
  FormReader reader(boundary);
  std::string seen;
  for (std::size_t at = 0; at < body.size(); at += step) {
    reader.append(std::as_bytes(std::span(body.substr(at, step))));
    for (;;) {
      const auto event = reader.next();
      if (!event)
        return seen + (event.error() == FormFault::malformed         ? "!malformed"
                       : event.error() == FormFault::too_much_before ? "!before"
                                                                     : "!after");
      if (!*event) break;
      switch ((*event)->kind) {
        case Kind::field:
          seen += (*event)->name + "=" + (*event)->value + "|";
          break;
        case Kind::file_begins:
          seen += "<";
          break;
        case Kind::file_ends:
          seen += ">";
          break;
        case Kind::file_bytes:
          seen.append(reinterpret_cast<const char*>((*event)->bytes.data()), (*event)->bytes.size());
      }
    }
  }
  return seen;
}

std::string field(std::string_view name, std::string_view value) {
  return "--B\r\nContent-Disposition: form-data; name=\"" + std::string(name) + "\"\r\n\r\n" +
         std::string(value) + "\r\n";
}
std::string file(std::string_view bytes) {
  return "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a;name=\\\"\r\n"
         "Content-Type: audio/webm\r\n\r\n" +
         std::string(bytes) + "\r\n";
}

TEST(FormReader, GivesFieldsThenTheFileHoweverItIsCut) {
  const std::string body =
      field("Key", "uploads/a") + field("empty", "") + file("sung\r\n--not\r\n-- B") + "--B--\r\n";
  for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, body.size()})
    EXPECT_EQ(read(body, step), "key=uploads/a|empty=|<sung\r\n--not\r\n-- B>") << step;
}

TEST(FormReader, DropsWhatComesAfterTheFile) {
  EXPECT_EQ(read(field("a", "1") + file("first") + file("second") + field("b", "2") + "--B--\r\n"),
            "a=1|<first>");
}

TEST(FormReader, AnEmptyFileIsAFile) { EXPECT_EQ(read(file("") + "--B--\r\n"), "<>"); }

TEST(FormReader, AFileThatDoesNotEndDoesNotEnd) {
  EXPECT_EQ(read(file("sung") + "--"), "<sung");
  EXPECT_EQ(read(field("a", "1") + "--B--\r\n"), "a=1|");
}

TEST(FormReader, KnowsAFieldByItsNameAlone) {
  EXPECT_EQ(
      read("--B\r\ncontent-disposition:form-data;NAME=a;filename=\"x\"\r\nX-Other: y\r\n\r\n1\r\n--B--"),
      "a=1|");
}

TEST(FormReader, RefusesWhatIsNoForm) {
  for (const std::string& wrong :
       {std::string("preamble\r\n") + field("a", "1"), std::string("--C\r\n"), std::string("--B \r\n"),
        std::string("--B\r\nno colon\r\n\r\n"), std::string("--B\r\nContent-Type: text/plain\r\n\r\n"),
        std::string("--B\r\nContent-Disposition: form-data\r\n\r\n"),
        std::string("--B\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n"),
        std::string("--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\n"),
        std::string("--B\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\n"),
        std::string("--B\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n"),
        std::string("--B\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; "
                    "name=b\r\n\r\n"),
        std::string("--B\r\nContent-Disposition: form-data; name=\"a\" x\r\n\r\n")})
    EXPECT_EQ(read(wrong), "!malformed") << wrong;
  EXPECT_EQ(read("--B\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--Bxy"), "!malformed");
}

TEST(FormReader, TakesTwentyKibibytesBeforeTheFileAndNoByteMore) {
  const std::size_t around = field("a", "").size() + file("").size() - 2;  // up to the file's first byte
  for (const std::size_t step : {std::size_t{1000}, std::size_t{1} << 16}) {
    EXPECT_EQ(read(field("a", std::string(most_form_bytes - around, 'x')) + file("sung") + "--B--", step)
                  .substr(0, 2),
              "a=");
    EXPECT_TRUE(read(field("a", std::string(most_form_bytes - around, 'x')) + file("sung") + "--B--", step)
                    .ends_with("<sung>"));
    EXPECT_TRUE(
        read(field("a", std::string(most_form_bytes - around + 1, 'x')) + file("sung") + "--B--", step)
            .ends_with("!before"));
  }
  EXPECT_EQ(read("--B\r\nX: " + std::string(most_form_bytes, 'x'), 1000), "!before");
}

TEST(FormReader, TakesTwentyKibibytesAfterTheFileAndNoByteMore) {
  EXPECT_EQ(read(file("sung") + "--B" + std::string(most_form_bytes, 'x'), 1000), "<sung>");
  EXPECT_EQ(read(file("sung") + "--B" + std::string(most_form_bytes + 1, 'x'), 1000), "<sung>!after");
}

TEST(FormBoundary, IsThatOfAFormAndOfNothingElse) {
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(form_boundary("Multipart/Form-Data;charset=utf-8; Boundary=\"a b'()+_,-./:=?\""),
            "a b'()+_,-./:=?");
  EXPECT_EQ(form_boundary("multipart/form-data; boundary=" + std::string(70, 'x')), std::string(70, 'x'));
  for (const std::string& wrong :
       {std::string(), std::string("multipart/form-data"), std::string("multipart/mixed; boundary=a"),
        std::string("multipart/form-data; boundary="),
        std::string("multipart/form-data; boundary=a; boundary=b"),
        std::string("multipart/form-data; boundary=\"a"), std::string("multipart/form-data; boundary=\"a \""),
        std::string("multipart/form-data; boundary=a*b"),
        "multipart/form-data; boundary=" + std::string(71, 'x')})
    EXPECT_FALSE(form_boundary(wrong)) << wrong;
}

}  // namespace
}  // namespace orakgarak::storage
