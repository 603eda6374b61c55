// SurveyJS with its own renderer and its style sheet.
import 'survey-core/survey-core.min.css';
import { Model } from 'survey-core';
import { renderSurvey } from 'survey-js-ui';
import content from '../made/content.json';
import { ready, sign } from '../sign.js';

const survey = new Model({
  title: content.title, description: content.intro, completeText: content.submit, showCompletedPage: false,
  elements: [
    ...content.fields.map(({ id, type, label, required }) => ({
      type: 'text', name: id, inputType: type, title: label, isRequired: required,
      ...(type === 'email' && { description: content.service, validators: [{ type: 'email' }] }),
    })),
    {
      type: 'checkbox', name: 'choices', title: content.legend, description: content.note,
      choices: content.choices.map(({ id, label, details }) => ({ value: id, text: [label, details].filter(Boolean).join(' ') })),
    },
    { type: 'html', name: 'notice', html: `<p>${content.notice}</p>` },
  ],
});
survey.onComplete.add((sender) => sign(sender.data));
survey.onAfterRenderSurvey.add(ready);
renderSurvey(survey, document.querySelector('#form'));
