"""What PyTorch's callables take: names on standard input, signatures as JSON on standard output.

Each signature is a list of parameters: name, whether it has a place, whether it must be given, whether it takes None, and its default. Built-in
functions tell them by their schemas, others by inspect.
"""
import inspect
import json
import math
import re
import sys

import torch
import torch.nn.functional as F

INFINITIES = {math.inf: 'inf', -math.inf: '-inf'}


def plain(value):
    if isinstance(value, float) and value in INFINITIES:
        return INFINITIES[value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return None if isinstance(value, (torch.dtype, torch.device)) else str(value)


def parameter(name, placed, needed, nullable, default):
    return {'name': name, 'placed': placed, 'needed': needed, 'nullable': nullable, 'default': default}


def of_schema(schema):
    return [parameter(a.name, not a.kwarg_only, not a.has_default_value(), str(a.type).startswith('Optional'), plain(a.default_value) if a.has_default_value() and a.name != 'dtype' else None)
            for a in schema.arguments] + [parameter('requires_grad', False, False, False, False) for a in schema.arguments if a.name == 'pin_memory']


def of_schemas(name):
    """Without those that write into `out`, that take names of dimensions, and that TorchScript has for numbers and lists."""
    found = []
    for schema in torch._C._jit_get_schemas_for_operator('aten::' + name):
        names = [a.name for a in schema.arguments]
        if {'out', 'reverse', 'b'} & set(names) or 'out' in schema.overload_name.split('_') or re.search('names|dimname', schema.overload_name.lower()) or names[:1] in (['a'], ['l'], ['n'], ['t']) and name not in ('eye', 'randperm'):
            continue
        found.append(of_schema(schema))
    return found


def of_python(f, without_self):
    kinds = inspect.Parameter
    parameters = list(inspect.signature(f).parameters.values())[1 if without_self else 0:]
    return [[parameter(p.name, p.kind != kinds.KEYWORD_ONLY, p.default is kinds.empty, 'Optional' in str(p.annotation), plain(None if p.default is kinds.empty else p.default))
             for p in parameters if p.kind != kinds.VAR_KEYWORD]]


def of_class(name):
    """A class, or a method of one."""
    owner, found = None, torch
    for part in name.split('.'):
        owner, found = found, getattr(found, part)
    if inspect.isclass(found):
        return of_python(found.__init__, True)
    return of_python(found, inspect.isclass(owner))


def signatures(name, text):
    if text is not None:  # as a later PyTorch has it
        return of_python(eval(f'lambda {text}: None'), False)
    path, last = name.rsplit('.', 1)
    if path.split('.')[0] in ('nn', 'optim', 'utils') and path not in ('nn.init', 'nn.utils'):
        return of_class(name)
    if path == '':
        f = getattr(torch.Tensor, last)
        return of_python(f, False) if inspect.isfunction(f) else of_schemas(last)
    space = {'torch': torch, 'F': F, 'torch.autograd': torch.autograd, 'nn.init': torch.nn.init, 'nn.utils': torch.nn.utils}[path]
    f = getattr(space, '_' + last) if path == 'F' and inspect.isfunction(getattr(F, last)) and hasattr(F, '_' + last) and 'kwargs' in str(inspect.signature(getattr(F, last))) else getattr(space, last)
    return of_python(f, False) if inspect.isfunction(f) else of_schemas(last)


answers = []
for name, text in json.load(sys.stdin):
    try:
        answers.append(signatures(name, text))
    except (AttributeError, ValueError, TypeError) as error:
        answers.append(f'{type(error).__name__}: {error}')
print(json.dumps(answers))
