// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/verbs/verb.hpp"

namespace nsd::client {
namespace {

int run(VerbContext& context, const Arguments& arguments) {
    context.client().rename(arguments.words()[0], arguments.words()[1]);
    return exitSuccess;
}

} // namespace

const Verb renameVerb{"rename", nullptr, "give a namespace another name", {"OLD NEW", 2, 2}, {},
    "UUID and object stay; the paths of the pins change.", "nsctl rename web www", exitFailure, run};

} // namespace nsd::client
