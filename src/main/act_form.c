#include "main/act_form.h"

#include "base/str.h"

const struct act_form *act_form_of_command(const char *command)
{
    for (const struct act_form *form = ACT_FORMS; form->command; form++)
        if (streq(form->command, command))
            return form;
    return NULL;
}

const struct act_form *act_form_of_kind(const char *kind)
{
    for (const struct act_form *form = ACT_FORMS; form->command; form++)
        if (streq(form->kind, kind))
            return form;
    return NULL;
}

const struct act_field *act_form_field(const struct act_form *form, const char *name)
{
    for (const struct act_field *field = form->fields; field->name; field++)
        if (streq(field->name, name) || streq(field->option, name))
            return field;
    return NULL;
}
